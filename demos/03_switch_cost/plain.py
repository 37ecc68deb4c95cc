"""Add up some numbers, twice, without a single switch."""

import argparse
import time


def add(count):
    total = 0
    for n in range(count):
        total += n


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    return parser.parse_args()


count = arguments().count
started = time.perf_counter()
add(count)
add(count)
seconds = time.perf_counter() - started
print(f"{2 * count:,} additions, no switch: {seconds:.2f} s")
