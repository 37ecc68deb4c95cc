"""The programs of the lessons, run as a person would: what they print, and how they end."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from coroplay.lessons import built_in

PATIENCE = 30
"""Seconds to wait for what must happen at once, on however busy a machine."""


def command(program: str, *arguments: str) -> list[str]:
    return [sys.executable, str(built_in() / program), *arguments]


def run(program: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(program, *arguments),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def printed(program: str, *arguments: str, stdin: str = "") -> list[str]:
    """Return the lines printed by a program that ends well."""
    done = run(program, *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_lesson_1_takes_turns() -> None:
    expected = []
    for n in (1, 2, 3):
        expected += [f"producer makes {n}", f"consumer takes {n}", "producer hears 200 OK"]
    assert printed("01_yield/producer_consumer.py", "--pace", "0", "--items", "3") == expected


def test_lesson_2_never_plays_to_the_end() -> None:
    assert printed("02_greenlet/eat_play.py") == [
        "Lyon eats 1",
        "Lyon plays 1",
        "Lyon eats 2",
        "main goes on: eat has ended, play has not",
    ]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("plain", "20,000 additions, no switch: "),
        ("with_greenlet", "20,000 additions, a switch after each: "),
    ],
)
def test_lesson_3_prints_how_long_it_took(program: str, words: str) -> None:
    (line,) = printed(f"03_switch_cost/{program}.py", "--count", "10000")
    assert line.startswith(words)
    assert line.endswith(" s")


def test_lesson_4_joins() -> None:
    assert printed("04_gevent_basics/join.py", "--pace", "0.2") == [
        "spawned, but nothing cooks until main waits",
        "starting the soup",
        "join gave up waiting; ready? False",
        "the soup is ready",
        "join waited to the end; ready? True",
    ]


def test_lesson_4_joins_some_and_all() -> None:
    assert printed("04_gevent_basics/joinall.py", "--pace", "0.2") == [
        "the tea is ready",
        "count=1 came back with 1 ready",
        "the soup is ready",
        "timeout came back with 2 ready",
        "the cake is ready",
        "joinall came back with 3 ready",
    ]


def test_lesson_4_shows_values_and_exceptions() -> None:
    done = run("04_gevent_basics/results.py")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "joinall came back as if all were well",
        "bread: True a warm bread",
        "toast: False ValueError('the toast is black')",
        "raise_error=True raised: the toast is black",
        "get() raised: the toast is black",
    ]
    assert "failed with ValueError" in done.stderr


def test_lesson_5_waits_for_both_at_the_same_time() -> None:
    *lines, total = printed("05_switch_on_wait/eat_play.py")
    assert lines == ["Lyon eats 1", "Lyon plays 1", "Lyon plays 2", "Lyon eats 2"]
    assert 2.0 <= seconds(total) < 3.0


def seconds(line: str) -> float:
    return float(line.split()[-2])


def test_lesson_6_overlaps_only_when_patched() -> None:
    one_by_one = printed("06_monkey_patching/unpatched.py", "--pace", "0.1")
    overlapping = printed("06_monkey_patching/patched.py", "--pace", "0.1")
    names = ("post", "milk", "news")
    asked = [f"{name} asked for" for name in names]
    here = [f"{name} is here" for name in names]
    assert one_by_one[:-1] == [line for pair in zip(asked, here, strict=True) for line in pair]
    assert overlapping[:-1] == asked + here[::-1]
    assert seconds(one_by_one[-1]) > seconds(overlapping[-1])


def test_lesson_7_is_as_long_as_all_tasks_or_as_one() -> None:
    serial = printed("07_sync_async/synchronous.py", "--pause", "0.1")
    parallel = printed("07_sync_async/asynchronous.py", "--pause", "0.1")
    assert serial[:-1] == parallel[:-1] == [f"task {n} done" for n in range(10)]
    assert seconds(serial[-1]) >= 1.0 > seconds(parallel[-1])


GOT = {
    "quick": "quick sent 2400 bytes",
    "broken": "broken failed: status 500",
    "news": "news sent 2300 bytes",
    "stuck": "stuck failed: ReadTimeout",
    "photos": "photos sent 2500 bytes",
}


def test_lesson_8_goes_on_after_a_page_that_fails() -> None:
    lines = printed("08_crawler/serially.py", "--timeout", "2.5")
    assert lines[:-1] == [line for name in GOT for line in (f"GET {name}", GOT[name])]


def test_lesson_8_fetches_all_pages_at_once() -> None:
    lines = printed("08_crawler/concurrently.py", "--timeout", "2.5")
    by_delay = ["broken", "quick", "news", "photos", "stuck"]
    assert lines[:-1] == [f"GET {name}" for name in GOT] + [GOT[name] for name in by_delay]


@pytest.mark.parametrize("program", ["serially", "concurrently"])
def test_lesson_8_reports_addresses_that_lead_nowhere(program: str) -> None:
    urls = "http://127.0.0.1:1/, nonsense,http://[::1"
    lines = printed(f"08_crawler/{program}.py", "--urls", urls)
    assert "http://127.0.0.1:1/ failed: ConnectionError" in lines
    assert "nonsense failed: MissingSchema" in lines
    assert "http://[::1 failed: InvalidURL" in lines


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A running program, which is gone afterwards."""
    with subprocess.Popen(
        command(program, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("program", ["serially", "concurrently"])
def test_lesson_8_leaves_no_web_site_behind(program: str, signum: signal.Signals) -> None:
    with started(f"08_crawler/{program}.py", "--timeout", "20") as process:
        site = child_of(process)
        process.send_signal(signum)
        assert ends(site)


def child_of(process: subprocess.Popen[str]) -> psutil.Process:
    """The program's first child, once there is one."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            return child
    raise AssertionError("no child")


def ends(orphan: psutil.Process) -> bool:
    """Tell whether a process ends; a zombie has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if orphan.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
    return False


@contextmanager
def echo_server(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Lesson 9's server and its port."""
    with started("09_echo_server/server.py", *arguments) as server:
        words = line_of(server)
        assert words.startswith("listening on port "), words
        yield server, int(words.split()[-1])


def test_lesson_9_answers_in_capitals() -> None:
    with echo_server() as (_, port):
        answers = printed("09_echo_server/client.py", "--port", str(port), stdin="hello\n\nüber\n")
    assert answers == [
        "connected: type something, ctrl+d ends",
        "> HELLO",
        "> ",
        "> üBER",
        "> goodbye",
    ]


def test_lesson_9_goes_on_after_clients_that_break_off() -> None:
    with echo_server() as (server, port):
        for _ in range(3):
            rude = socket.create_connection(("127.0.0.1", port))
            rude.sendall(b"x" * 4000)
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            rude.close()
        socket.create_connection(("127.0.0.1", port)).close()
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as polite:
            polite.sendall(b"still there?")
            assert polite.recv(100) == b"STILL THERE?"
        assert server.poll() is None


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_lesson_9_ends_quietly_when_stopped(signum: signal.Signals) -> None:
    with echo_server() as (server, port), socket.create_connection(("127.0.0.1", port)):
        server.send_signal(signum)
        _, errors = server.communicate(timeout=PATIENCE)
    assert (server.returncode, errors) == (0, "")


def test_lesson_9_says_when_the_port_is_in_use() -> None:
    with echo_server() as (_, port):
        second = run("09_echo_server/server.py", "--port", str(port))
    assert second.returncode == 1
    assert second.stderr == f"can't listen on port {port}: {os.strerror(errno.EADDRINUSE)}\n"


def test_lesson_9_client_without_a_port_says_where_to_get_one() -> None:
    done = run("09_echo_server/client.py")
    assert done.returncode == 1
    assert done.stderr == "client.py needs --port N: server.py prints its port\n"


def test_lesson_9_client_says_when_the_server_has_gone() -> None:
    with (
        echo_server() as (server, port),
        started("09_echo_server/client.py", "--port", str(port)) as client,
    ):
        assert line_of(client) == "connected: type something, ctrl+d ends"
        server.kill()
        server.wait()
        _, errors = client.communicate("anybody?\nhello?\n", timeout=PATIENCE)
    assert (client.returncode, errors) == (1, "the server has gone\n")


@pytest.mark.parametrize("clients", ["1", "100", "1000"])
def test_lesson_9_serves_a_crowd(clients: str) -> None:
    assert printed("09_echo_server/crowd.py", "--clients", clients) == [
        f"{clients} of {clients} are connected at once",
        f"{clients} of {clients} got their answer",
    ]


def test_lesson_9_says_how_many_clients_the_open_file_limit_lets_in() -> None:
    done = subprocess.run(
        command("09_echo_server/crowd.py"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )
    assert done.stdout.splitlines() == [
        "only 64 open files are allowed: 32 clients fit, not 100",
        "(for all of them, first: ulimit -n 132)",
        "32 of 32 are connected at once",
        "32 of 32 got their answer",
    ]


@pytest.mark.parametrize("program", ["alone", "threadpool", "all_cores"])
def test_lesson_10_does_the_same_work_in_three_ways(program: str) -> None:
    lines = printed(f"10_limits/{program}.py", "--count", "100003")
    assert f"sum of squares: {sum(n * n for n in range(100_003))}" in lines
    assert lines[-1].startswith("ticks meanwhile: ")


def test_lesson_10_does_not_tick_while_a_coroutine_computes() -> None:
    assert printed("10_limits/alone.py", "--count", "3000000")[-1] == "ticks meanwhile: 0"


def test_lesson_11_never_has_more_than_two_in_the_queue() -> None:
    lines = printed("11_queue/queue_of_two.py", "--pace", "0")
    assert lines[-1] == "both producers are done, so am I"
    waiting = 0
    for line in lines[:-1]:
        waiting += 1 if line.startswith("put") else -1
        # Two in the queue, and one that the consumer has taken but not reported yet.
        assert waiting <= 3
    assert waiting == 0
