"""Spawn a Greenlet with arguments, and wait for it."""

import argparse

import gevent


def cook(dish, seconds):
    print("starting the", dish)
    gevent.sleep(seconds)
    print("the", dish, "is ready")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0)
    return parser.parse_args()


pace = arguments().pace
soup = gevent.spawn(cook, "soup", 2 * pace)
print("spawned, but nothing cooks until main waits")

soup.join(timeout=pace)
print("join gave up waiting; ready?", soup.ready())

soup.join()
print("join waited to the end; ready?", soup.ready())
