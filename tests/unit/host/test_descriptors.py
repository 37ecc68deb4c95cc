"""A host that runs out of descriptors says so in a sentence, and leaves nothing behind."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from coroplay.host.child import Child
from coroplay.host.control import Control, ControlError
from coroplay.host.launch import Launch, Level, Script
from coroplay.host.process import APP, Input, StartError, Streams
from coroplay.host.warm import Warm
from coroplay.trace import layout
from tests.unit.host.conftest import ScriptMaker

PIPED = Streams(Input.NOTHING, pipes=True, own_session=False)
ENOUGH = 16
"""Descriptors that are more than starting a child takes."""


def open_now() -> set[int]:
    numbers = {int(path.name) for path in Path("/dev/fd").iterdir()}
    return {number for number in numbers if _is_open(number)}


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@contextmanager
def left(count: int) -> Iterator[None]:
    """No more than so many files can be opened meanwhile."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    numbers = open_now()
    taken: list[int] = []
    limit = max(numbers) + 1 + count
    while len(numbers) + len(taken) < limit - count:  # The numbers that are free below.
        taken.append(os.dup(0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
        for number in taken:
            os.close(number)


@pytest.mark.parametrize("streams", [PIPED, APP], ids=["piped", "app"])
def test_a_child_that_cannot_be_started_leaves_nothing_open(
    script: ScriptMaker, tmp_path: Path, streams: Streams
) -> None:
    path = script("print('on')")
    before, started, sentences = open_now(), [], []
    for count in range(ENOUGH + 1):
        record = tmp_path / f"record{count}"
        record.mkdir()
        launch = Launch(Script(path), level=Level.LINES, record=record, control=streams is APP)
        with left(count):
            try:
                child = Child.start(launch, streams)
            except StartError as error:
                sentences.append(str(error))
                continue
        started.append(count)
        assert child.stdout is not None
        assert child.stdout.read() == b"on\n"
        assert child.finish().status == 0
    assert set(sentences) == {"program1 can't be started: Too many open files"}
    assert started == list(range(len(sentences), ENOUGH + 1))
    assert open_now() == before
    assert psutil.Process().children() == []


def test_where_no_child_can_be_kept_warm_the_app_goes_on() -> None:
    warm = Warm()
    with left(4):
        warm.prepare()
    assert warm.pid is None
    warm.prepare()
    assert warm.pid is not None
    warm.close()


def test_a_call_to_a_program_that_fails_raises_a_sentence(tmp_path: Path) -> None:
    (tmp_path / layout.ATTENTION).write_bytes(b"\0")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        control = Control(ours, tmp_path)
        with left(0), pytest.raises(ControlError, match="heard that: Too many open files"):
            control.pause()
        control.pause()
    assert (tmp_path / layout.ATTENTION).read_bytes() == b"\1"
