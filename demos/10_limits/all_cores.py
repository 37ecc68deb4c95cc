"""A process for every core, with threads and coroutines."""

import argparse
import os
import sys
from pathlib import Path

import gevent
from gevent.subprocess import check_output

WORKER = Path(__file__).with_name("worker.py")
ticks = 0


def tick():
    global ticks
    while True:
        gevent.sleep(0.05)
        ticks += 1


def compute(processes, count):
    jobs = []
    for process in range(processes):
        job = gevent.spawn(work, process, processes, count)
        jobs.append(job)
    return jobs


def work(process, processes, count):
    """Run worker.py; only this coroutine waits for it."""
    numbers = [str(process), str(processes), str(count)]
    return int(check_output([sys.executable, WORKER, *numbers]))


def count_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000_000)
    return parser.parse_args()


cores = count_cores()
ticker = gevent.spawn(tick)
total = 0
for job in compute(cores, arguments().count):
    total += job.get()
ticker.kill()
print(cores, "processes x 2 threads x 2 coroutines")
print("sum of squares:", total)
print("ticks meanwhile:", ticks)
