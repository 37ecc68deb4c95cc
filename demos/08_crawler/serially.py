"""Fetch web pages, one after the other."""

import argparse
import time

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
    for name, url in urls.items():
        fetch(name, url, timeout)


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
