"""Wait for many Greenlets: the first, some, or all."""

import argparse

import gevent


def cook(dish, seconds):
    gevent.sleep(seconds)
    print("the", dish, "is ready")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0)
    return parser.parse_args()


pace = arguments().pace
tea = gevent.spawn(cook, "tea", 1 * pace)
soup = gevent.spawn(cook, "soup", 2 * pace)
cake = gevent.spawn(cook, "cake", 4 * pace)
meal = [tea, soup, cake]

ready = gevent.joinall(meal, count=1)
print("count=1 came back with", len(ready), "ready")

ready = gevent.joinall(meal, timeout=2 * pace)
print("timeout came back with", len(ready), "ready")

ready = gevent.joinall(meal)
print("joinall came back with", len(ready), "ready")
