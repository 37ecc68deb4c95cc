"""What crowd.py needs: room for open files, and a server."""

import atexit
import resource
import subprocess
import sys
from pathlib import Path

SERVER = Path(__file__).with_name("crowd_server.py")
SPARE = 32  # open files for everything but the clients


def room_for(clients):
    """How many of the clients the open-file limit lets in.

    Each one is an open file. The limit is raised if need be.
    """
    limit = raise_limit(clients + SPARE)
    room = min(clients, limit - SPARE)
    if room < 1:
        sys.exit(f"no room: only {limit} open files are allowed")
    if room < clients:
        print(f"only {limit} open files are allowed:", end=" ")
        print(f"{room} clients fit, not {clients}")
        print(f"(for all of them, first: ulimit -n {clients + SPARE})")
    return room


def raise_limit(wanted):
    """Allow so many open files, or as many as we may."""
    files = resource.RLIMIT_NOFILE
    soft, hard = resource.getrlimit(files)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(files, (wanted, hard))
    except (ValueError, OSError):
        return soft
    return wanted


def start_server():
    """Start an echo server as a child process; say its port.

    It watches its input, which ends when this process does,
    whatever ends it. So it never stays behind.
    """
    server = subprocess.Popen(
        [sys.executable, SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(server.communicate)
    port = server.stdout.readline().decode().strip()
    if not port:
        sys.exit("the echo server could not start")
    return int(port)
