"""The child's entry: ``python -m coroplay.probe --record DIR … (SCRIPT | -m MODULE) ARGS``."""

from __future__ import annotations

import sys

# The folder that -m put first is the program's business, later: nothing of the probe's own must
# be imported from it.
del sys.path[:1]

from coroplay.probe.child import main  # noqa: E402

if __name__ == "__main__":
    main(sys.argv[1:])
