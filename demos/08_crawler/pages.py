"""A tiny web site on this machine for the crawlers."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Seconds each page takes. One fails, one never answers.
DELAYS = {
    "quick": 0.2,
    "broken": 0.1,
    "news": 0.4,
    "stuck": 3600,
    "photos": 0.8,
}


def choose(urls):
    """Name the pages to visit: those given, or our own."""
    given = [url.strip() for url in urls.split(",")]
    if any(given):
        return {url: url for url in given if url}
    address = start_site()
    return {name: f"{address}/{name}" for name in DELAYS}


def start_site():
    """Serve our pages from a child process; say its address.

    The child reads its input, which ends when this process
    does, whatever ends it. So it never stays behind.
    """
    site = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(site.communicate)
    port = site.stdout.readline().decode().strip()
    if not port:
        sys.exit("the built-in web site could not start")
    os.environ["no_proxy"] = "127.0.0.1"
    return f"http://127.0.0.1:{port}"


class Page(BaseHTTPRequestHandler):
    """Answers one request, after the page's delay."""

    def do_GET(self):
        name = self.path.strip("/")
        time.sleep(DELAYS.get(name, 0))
        if name == "broken":
            self.answer(500, "Something went wrong.\n")
        elif name in DELAYS:
            self.answer(200, f"This is the page {name}.\n" * 100)
        else:
            self.answer(404, "There is no such page.\n")

    def answer(self, status, text):
        # A crawler that lost patience has hung up already.
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Length", len(text))
            self.end_headers()
            self.wfile.write(text.encode())

    def log_message(self, *args):
        """Say nothing: the crawlers do the talking."""


def serve_until_input_ends():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    print(site.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve_until_input_ends()
