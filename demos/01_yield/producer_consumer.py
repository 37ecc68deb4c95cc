"""A producer and a consumer take turns, with yield."""

import argparse
import time


def producer(consumer, items, pace):
    consumer.send(None)
    n = 0
    while n < items:
        n = n + 1
        time.sleep(pace)
        print("producer makes", n)
        answer = consumer.send(n)
        print("producer hears", answer)
    consumer.close()


def consumer(pace):
    answer = ""
    time.sleep(pace)
    while True:
        n = yield answer
        time.sleep(pace)
        print("consumer takes", n)
        answer = "200 OK"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5)
    parser.add_argument("--pace", type=float, default=1.0)
    return parser.parse_args()


options = arguments()
producer(consumer(options.pace), options.items, options.pace)
