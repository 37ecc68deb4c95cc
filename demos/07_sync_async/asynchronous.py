"""Ten tasks, all at once."""

import argparse
import time

import gevent


def task(n, pause):
    gevent.sleep(pause)
    print("task", n, "done")


def asynchronous(tasks, pause):
    greenlets = []
    for n in range(tasks):
        greenlets.append(gevent.spawn(task, n, pause))
    gevent.joinall(greenlets)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.5)
    return parser.parse_args()


options = arguments()
started = time.perf_counter()
asynchronous(options.tasks, options.pause)
seconds = time.perf_counter() - started
print(f"asynchronous: {seconds:.1f} s")
