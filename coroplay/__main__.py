"""Makes `python -m coroplay` the same as the command `coroplay`."""

import sys

from coroplay.cli import main

if __name__ == "__main__":
    sys.exit(main())
