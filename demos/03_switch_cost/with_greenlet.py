"""Add up the same numbers, and switch after each one."""

import argparse
import time

from greenlet import greenlet


def add_left(count):
    total = 0
    for n in range(count):
        total += n
        right.switch(count)


def add_right(count):
    total = 0
    for n in range(count):
        total += n
        left.switch()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    return parser.parse_args()


count = arguments().count
left = greenlet(add_left)
right = greenlet(add_right)
started = time.perf_counter()
left.switch(count)
seconds = time.perf_counter() - started
print(f"{2 * count:,} additions, a switch after each: {seconds:.2f} s")
