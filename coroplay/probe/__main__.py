"""The child's entry: ``python -m coroplay.probe --record DIR … (SCRIPT | -m MODULE) ARGS``."""

from __future__ import annotations

import gc
import sys

# While the probe loads there is nothing to collect, and looking takes a tenth of the time.
_COLLECTS = gc.isenabled()
gc.disable()

# The folder that -m put first is the program's business, later: nothing of the probe's own must
# be imported from it.
if not sys.flags.safe_path:
    del sys.path[:1]

from coroplay.probe import child  # noqa: E402


def main(arguments: list[str]) -> None:
    """Run the program that the arguments name, and exit as it does."""
    child.main(arguments, collects=_COLLECTS)


if __name__ == "__main__":
    main(sys.argv[1:])
