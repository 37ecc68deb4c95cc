"""One process of all_cores.py: 2 threads x 2 coroutines."""

import sys

import gevent
from squares import add_squares

THREADS = 2
COROUTINES = 2


def work_in_process(process, processes, count):
    pool = gevent.get_hub().threadpool
    threads = THREADS * processes
    jobs = []
    for thread in range(process, threads, processes):
        job = pool.spawn(work_in_thread, thread, threads, count)
        jobs.append(job)
    return add_results(jobs)


def work_in_thread(thread, threads, count):
    """Each thread has a hub and coroutines of its own."""
    shares = COROUTINES * threads
    jobs = []
    for share in range(thread, shares, threads):
        job = gevent.spawn(add_squares, share, shares, count)
        jobs.append(job)
    return add_results(jobs)


def add_results(jobs):
    total = 0
    for job in jobs:
        total += job.get()
    return total


process, processes, count = map(int, sys.argv[1:])
print(work_in_process(process, processes, count))
