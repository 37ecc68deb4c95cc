"""Entry of the child: ``python -m coroplay.probe --record DIR … (SCRIPT | -m MODULE) ARGS``."""

from __future__ import annotations

import gc
import sys

# While the probe loads there is no garbage, and looking for some takes a tenth of the time.
_COLLECTS = gc.isenabled()
gc.disable()

# The option -m has put the current folder first, which belongs to the program: the probe must not
# import its own modules from there.
if not sys.flags.safe_path:
    del sys.path[:1]

from coroplay.probe import child  # noqa: E402


def main(arguments: list[str]) -> None:
    """Run the program that the arguments name, and exit as the program does."""
    child.main(arguments, collects=_COLLECTS)


if __name__ == "__main__":
    main(sys.argv[1:])
