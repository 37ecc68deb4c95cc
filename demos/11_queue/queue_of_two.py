"""Two producers and a consumer share a small queue."""

import argparse

import gevent
from gevent.queue import Queue


def produce(name, queue, items):
    for n in range(1, items + 1):
        queue.put(f"{name} {n}")
        print("put", name, n)
    queue.put(None)


def consume(queue, producers, pace):
    while producers > 0:
        item = queue.get()
        if item is None:
            producers -= 1
            continue
        gevent.sleep(pace)
        print("took", item)
    print("both producers are done, so am I")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=4)
    parser.add_argument("--pace", type=float, default=0.5)
    return parser.parse_args()


options = arguments()
queue = Queue(maxsize=2)
tea = gevent.spawn(produce, "tea", queue, options.items)
cake = gevent.spawn(produce, "cake", queue, options.items)
guest = gevent.spawn(consume, queue, 2, options.pace)
gevent.joinall([tea, cake, guest])
