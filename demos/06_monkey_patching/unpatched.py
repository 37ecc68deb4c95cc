"""Three waits with time.sleep, just as it is."""

import argparse
import time

import gevent


def fetch(name, seconds):
    print(name, "asked for")
    time.sleep(seconds)
    print(name, "is here")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=1.0)
    return parser.parse_args()


pace = arguments().pace
started = time.perf_counter()
post = gevent.spawn(fetch, "post", 3 * pace)
milk = gevent.spawn(fetch, "milk", 2 * pace)
news = gevent.spawn(fetch, "news", 1 * pace)
gevent.joinall([post, milk, news])
seconds = time.perf_counter() - started
print(f"total {seconds:.1f} s")
