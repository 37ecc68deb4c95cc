"""gevent switches by itself when a coroutine waits."""

import time

import gevent


def eat(name):
    print(name, "eats 1")
    gevent.sleep(2)
    print(name, "eats 2")


def play(name):
    print(name, "plays 1")
    gevent.sleep(1)
    print(name, "plays 2")


started = time.perf_counter()
eater = gevent.spawn(eat, "Lyon")
player = gevent.spawn(play, "Lyon")
eater.join()
player.join()
seconds = time.perf_counter() - started
print(f"total {seconds:.1f} s")
