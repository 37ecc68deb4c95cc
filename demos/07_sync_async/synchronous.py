"""Ten tasks, one after the other."""

import argparse
import time

import gevent


def task(n, pause):
    gevent.sleep(pause)
    print("task", n, "done")


def synchronous(tasks, pause):
    for n in range(tasks):
        task(n, pause)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.5)
    return parser.parse_args()


options = arguments()
started = time.perf_counter()
synchronous(options.tasks, options.pause)
seconds = time.perf_counter() - started
print(f"synchronous: {seconds:.1f} s")
