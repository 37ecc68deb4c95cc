"""Look that many seconds for programs of which a recording says something false.

`python -m tests.truth SECONDS [SEED]`; `make truth` runs it.
"""

from __future__ import annotations

import sys

from tests.truth.hunt import hunt
from tests.truth.strategies import FEATURES
from tests.truth.styles import HEADER


def main() -> None:
    """Print each false statement with its program, and fail if there are any."""
    seconds, first = ([*map(int, sys.argv[1:]), 60, 0][:2] if len(sys.argv) < 3
                      else map(int, sys.argv[1:3]))
    found = 0
    for found, one in enumerate(hunt(seconds, FEATURES, first=first), 1):
        print(one.source.removeprefix(HEADER), *one.lies, f"seed {one.seed}", sep="\n")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
