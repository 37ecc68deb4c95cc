"""Fetch web pages, all at once."""

from gevent import monkey

monkey.patch_all()

import argparse
import time

import gevent
import pages
import requests


def fetch(name, url, timeout):
    print("GET", name)
    try:
        page = requests.get(url, timeout=timeout)
    except requests.RequestException as error:
        print(name, "failed:", type(error).__name__)
        return
    if page.ok:
        print(name, "sent", len(page.content), "bytes")
    else:
        print(name, "failed: status", page.status_code)


def crawl(urls, timeout):
    crawlers = []
    for name, url in urls.items():
        crawler = gevent.spawn(fetch, name, url, timeout)
        crawlers.append(crawler)
    gevent.joinall(crawlers)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", default="", help="A,B,C")
    parser.add_argument("--timeout", type=float, default=1.5)
    return parser.parse_args()


options = arguments()
urls = pages.choose(options.urls)
started = time.perf_counter()
crawl(urls, options.timeout)
seconds = time.perf_counter() - started
print(f"total {seconds:.1f} s")
