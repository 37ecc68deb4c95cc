"""Computing in threads lets the coroutines go on."""

import argparse

import gevent
from squares import add_squares

SHARES = 4
ticks = 0


def tick():
    global ticks
    while True:
        gevent.sleep(0.05)
        ticks += 1


def compute(count):
    pool = gevent.get_hub().threadpool
    jobs = []
    for share in range(SHARES):
        job = pool.spawn(add_squares, share, SHARES, count)
        jobs.append(job)
    return jobs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000_000)
    return parser.parse_args()


ticker = gevent.spawn(tick)
total = 0
for job in compute(arguments().count):
    total += job.get()
ticker.kill()
print("sum of squares:", total)
print("ticks meanwhile:", ticks)
