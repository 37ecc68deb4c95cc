"""The host's end of the control channel; the test plays the probe."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coroplay.host.control import Control, ControlError, Paused, Ready, Resumed
from coroplay.trace import layout, wire


@dataclass(frozen=True, slots=True)
class Probe:
    channel: socket.socket
    record: Path

    def say(self, **message: Any) -> None:
        self.channel.sendall(wire.encode(message))

    def hear(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.channel.recv(1 << 16).splitlines()]

    @property
    def attention(self) -> Path:
        return self.record / layout.ATTENTION


@pytest.fixture
def probe(tmp_path: Path, ends: tuple[socket.socket, socket.socket]) -> Probe:
    probe = Probe(ends[1], tmp_path)
    probe.attention.write_bytes(b"\0")
    return probe


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    host, child = socket.socketpair()
    with host, child:
        yield host, child


@pytest.fixture
def control(probe: Probe, ends: tuple[socket.socket, socket.socket]) -> Control:
    return Control(ends[0], probe.record)


def test_each_request_goes_out_as_the_protocol_has_it(control: Control, probe: Probe) -> None:
    control.run()
    control.pause()
    control.step("line")
    control.step("switch", coroutine=3)
    control.until("x.py", 7)
    control.breakpoints([("x.py", 1), ("y.py", 2)])
    control.let_go()
    assert probe.hear() == [
        {"do": "run"},
        {"do": "pause"},
        {"do": "step", "to": "line"},
        {"do": "step", "to": "switch", "coroutine": 3},
        {"do": "until", "file": "x.py", "line": 7},
        {"do": "break", "at": [["x.py", 1], ["y.py", 2]]},
        {"do": "stop"},
    ]


def test_a_request_calls_for_a_running_programs_attention(control: Control, probe: Probe) -> None:
    control.pause()
    assert probe.attention.read_bytes() == b"\1"


def test_a_request_before_the_probe_is_set_up_calls_when_it_is(
    control: Control, probe: Probe
) -> None:
    probe.attention.unlink()
    control.pause()
    probe.attention.write_bytes(b"\0")
    probe.say(hello=wire.VERSION, pid=42)
    assert control.read() == [Ready(42)]
    assert probe.attention.read_bytes() == b"\1"


def test_reports_are_read_without_waiting(control: Control, probe: Probe) -> None:
    assert control.read() == []
    probe.say(paused=5)
    probe.say(running=True)
    assert control.read() == [Paused(5), Resumed()]


def test_a_report_in_pieces_is_put_together(control: Control, probe: Probe) -> None:
    probe.channel.sendall(b'{"pau')
    assert control.read() == []
    probe.channel.sendall(b'sed":9}\n')
    assert control.read() == [Paused(9)]


def test_waiting_ends_with_the_first_report(control: Control, probe: Probe) -> None:
    probe.say(paused=1)
    assert control.wait() == [Paused(1)]


def test_waiting_ends_when_time_is_up(control: Control) -> None:
    assert control.wait(timeout=0) == []


def test_the_programs_end_ends_the_waiting(control: Control, probe: Probe) -> None:
    probe.say(paused=1)
    probe.channel.close()
    assert control.wait() == [Paused(1)]
    assert control.wait() == []
    assert control.closed


def test_requests_to_a_program_that_has_ended_are_dropped(control: Control, probe: Probe) -> None:
    probe.channel.close()
    control.run()
    control.read()
    control.run()
    assert control.closed


def test_a_program_that_never_listens_raises_a_sentence_instead_of_blocking(
    control: Control,
) -> None:
    def ask_for_ever() -> None:
        while True:
            control.until("x.py", 1)

    with pytest.raises(ControlError, match="has not listened"):
        ask_for_ever()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"not json\n", "nonsense"),
        (b"[1]\n", "nonsense"),
        (b'{"what": 1}\n', "something unknown"),
        (b'{"hello": 99, "pid": 1}\n', "version 99"),
        (b"x" * (wire.LONGEST_LINE + 1), "without end"),
    ],
)
def test_nonsense_raises_a_sentence_for_the_person(
    control: Control, probe: Probe, line: bytes, sentence: str
) -> None:
    def hear_it_all() -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[probe.channel.send(rest[: 1 << 16]) :]
            control.read()

    with pytest.raises(ControlError, match=sentence):
        hear_it_all()


def test_closing_lets_the_program_see_the_end(control: Control, probe: Probe) -> None:
    control.close()
    assert probe.hear() == []
