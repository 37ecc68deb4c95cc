"""Look so many seconds for programs of which a recording says something false.

`python -m tests.truth SECONDS [NUMBER]`; `make truth` runs it. The number of a
finding finds it again.
"""

from __future__ import annotations

import argparse
import sys

from tests.truth.hunt import hunt
from tests.truth.strategies import FEATURES
from tests.truth.styles import GEVENT_HEADER, HEADER


def main() -> None:
    """Print each false statement with its program, and fail if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description=__doc__)
    parser.add_argument("seconds", type=float)
    parser.add_argument("number", type=int, nargs="?", default=0)
    asked = parser.parse_args()
    found = 0
    for one in hunt(asked.seconds, FEATURES, first=asked.number):
        found += 1
        own = one.source.removeprefix(GEVENT_HEADER).removeprefix(HEADER)
        print(own.strip(), *one.lies, f"number {one.number}", "", sep="\n", flush=True)
    print(f"{found} kinds of false statements" if found else "nothing false was said")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
