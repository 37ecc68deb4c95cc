"""The two streams of a program's output are shown in the order in which they were written."""

from __future__ import annotations

import re

from coroplay.trace import Output, OutputStream, Recording
from coroplay.tui.drawing.ansi import plain
from coroplay.tui.runs.buffer import Stream
from tests.tui.playing import Play, played

FAILS_AND_GOES_ON = """
    import sys, traceback

    def deep(n):
        if n:
            deep(n - 1)
        raise ValueError("deep down")

    for n in range(60):
        print("before", n)
        try:
            deep(5)
        except ValueError:
            traceback.print_exc()
        print("after", n)
        sys.stderr.write("err %d\\n" % n)
"""
THREADS = """
    import threading, gevent

    def eat(who, n):
        for i in range(n):
            print(threading.current_thread().name, who, i)
            gevent.sleep(0.001)

    def thread():
        gevent.joinall([gevent.spawn(eat, "x", 3), gevent.spawn(eat, "y", 3)])

    threads = [threading.Thread(target=thread, name=f"T{n}") for n in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
"""
BY_OTHER_WAYS = """
    import os, sys
    for n in range(50):
        print("recorded", n)
        os.write(2, b"unrecorded %d\\n" % n)
        print("also", n, end="")
        print(".")
        print("error", n, file=sys.stderr)
"""
PIECES = """
    import sys
    for n in range(200):
        print("out", end=" ")
        print(n)
        print("err", end=" ", file=sys.stderr)
        print(n, file=sys.stderr)
"""


def recorded(recording: Recording) -> list[str]:
    """The lines of both streams, in the order of the recording."""
    lines: list[str] = []
    open_line: dict[OutputStream, str] = {}
    for step in recording:
        if isinstance(step, Output):
            text = open_line.pop(step.stream, "") + step.text
            *whole, rest = text.split("\n")
            lines += whole
            if rest:
                open_line[step.stream] = rest
    return lines


@played(FAILS_AND_GOES_ON)
async def test_nothing_stands_in_the_middle_of_a_traceback(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    recording = play.program.recording
    assert recording is not None
    expected = recorded(recording)
    await play.until(lambda: len(play.lines()) == len(expected))
    assert play.lines() == expected


@played(PIECES)
async def test_lines_written_in_pieces_to_two_streams_stay_in_order(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    expected = [f"{stream} {n}" for n in range(200) for stream in ("out", "err")]
    await play.until(lambda: len(play.lines()) == len(expected))
    assert play.lines() == expected


@played(BY_OTHER_WAYS)
async def test_what_was_not_recorded_stands_between_lines_and_has_no_author(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.until(lambda: len(play.lines()) == 200)
    lines = play.lines()
    kept = [line for line in lines if not line.startswith("unrecorded")]
    assert kept == [
        line for n in range(50) for line in (f"recorded {n}", f"also {n}.", f"error {n}")
    ]
    others = [line for line in lines if line.startswith("unrecorded")]
    assert others == [f"unrecorded {n}" for n in range(50)]
    for number, line in enumerate(lines):
        shown = play.program.output.line(number)
        known = play.program.author(shown.stream, shown.offset) is not None
        assert known != line.startswith("unrecorded")


@played(THREADS)
async def test_output_of_threads_always_has_its_time_and_author(play: Play) -> None:
    for _ in range(30):
        await play.press("enter")
        await play.until_ended()
        program = play.program
        assert program.recording is not None
        await play.until(lambda: len(play.lines()) == 18)
        for number in range(18):
            line = program.output.line(number)
            step = program.author(Stream.OUT, line.offset)
            assert step is not None
            output = program.recording[step]
            assert isinstance(output, Output)
            author = program.recording.coroutine(program.recording.coroutine_at(step))
            # Threads may write between two pieces of a line: its author began it.
            assert plain(line.data).startswith(output.text.removesuffix("\n"))
            whole = re.fullmatch(r"T\d ([xy]) \d\n", output.text)
            assert whole is None or whole[1] in author.name
