"""A program that takes away the recording's room or descriptors goes on, and its files are safe."""

from __future__ import annotations

import pytest

from coroplay.trace import Recording
from tests.support.programs import Workbench

PING = """
    import os, resource, signal, sys
    from greenlet import greenlet, getcurrent
    main = getcurrent()
    def pong():
        while True: main.switch()
    other = greenlet(pong)
    def ping(n):
        for _ in range(n): other.switch()
    def many(n):
        for _ in range(n): greenlet(int).switch()
    ping(100)
"""
LEVELS = pytest.mark.parametrize("level", ["switches", "lines"])


def run(bench: Workbench, level: str, more: str) -> Recording:
    """Run a program that ends by saying so, and open its recording."""
    record = bench.new_record()
    script = bench.script(PING + more + "    print('done'); sys.exit(6)\n")
    plain = bench.plain(script)
    assert (plain.status, plain.stdout) == (6, b"done\n")
    assert bench.watched(record, script, level=level) == plain
    return Recording(record)


@LEVELS
@pytest.mark.parametrize("limit", [0, 4096, 300_000])
@pytest.mark.parametrize("action", ["SIG_DFL", "SIG_IGN"])
def test_a_limit_on_files_ends_the_recording_and_not_the_program(
    bench: Workbench, level: str, limit: int, action: str
) -> None:
    lowered = f"""
    signal.signal(signal.SIGXFSZ, signal.{action})
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    many(200); ping(20000)
"""
    with run(bench, level, lowered) as recording:
        assert recording.notes.silent_why == "File too large"
        assert recording.notes.silent_at == len(recording)
        assert len(recording) > 10_000
        recording.state(len(recording) - 1)


@LEVELS
def test_closing_every_descriptor_ends_the_recording_and_not_the_program(
    bench: Workbench, level: str
) -> None:
    closing = """
    os.closerange(3, 5000); ping(20000)
"""
    with run(bench, level, closing) as recording:
        assert recording.notes.silent_why == "Bad file descriptor"
        assert len(recording) > 10_000
        recording.state(len(recording) - 1)


@LEVELS
def test_files_in_the_place_of_closed_ones_are_left_alone(bench: Workbench, level: str) -> None:
    """The program's own files get the numbers that the recording's had."""
    own = """
    os.closerange(3, 5000)
    fds = [os.open(f"own{n}", os.O_RDWR | os.O_CREAT, 0o600) for n in range(10)]
    for fd in fds:
        os.write(fd, b"mine"); os.dup2(fd, 690 + fd)
    ping(20000)
"""
    with run(bench, level, own) as recording:
        assert recording.notes.silent_why == "Bad file descriptor"
    assert {path.read_bytes() for path in bench.folder.glob("own*")} == {b"mine"}


@LEVELS
def test_a_program_without_a_descriptor_left_is_recorded_to_its_end(
    bench: Workbench, level: str
) -> None:
    full = """
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    try:
        while True: os.open("/dev/null", os.O_RDONLY)
    except OSError: pass
    many(200); ping(20000)
"""
    with run(bench, level, full) as recording:
        assert recording.notes.silent_why == ""
        assert len(recording) > 40_000
