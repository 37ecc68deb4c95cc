"""Runs the program `tests.support.waits` under a host that pauses it again and again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from coroplay.host.child import Child
from coroplay.host.control import Paused
from coroplay.host.launch import Launch, Level, Script
from coroplay.host.process import APP
from tests.support.programs import environment
from tests.support.steering import line_of

PROGRAM: Final = str(Path(__file__).with_name("waits.py"))
LOOPS: Final = {"libev-cext": "gevent.libev.corecext", "libuv": "gevent.libuv.loop"}
"""What `GEVENT_LOOP` calls gevent's event loops, and where their classes come from."""

Wait = tuple[str, float]
"""A kind of wait, as the program names it, and how long it takes in seconds."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A wait that is over; times in seconds, by the program's own clock."""

    number: int
    kind: str
    due: float
    ended: float

    @property
    def late(self) -> float:
        """How long after its time it ended."""
        return self.ended - self.due


@dataclass(frozen=True, slots=True)
class Course:
    """What a run of the program said."""

    loop: str
    """The module of the event loop's class."""
    timed: list[Ended]
    """In the order in which the waits' times came."""
    woken: list[Ended]
    """In the order in which those went on that another coroutine ended."""


def paused_run(
    record: Path,
    waits: Sequence[Wait],
    loop: str,
    *,
    to: Literal["line", "switch"] = "switch",
    pauses: Mapping[int, float],
) -> Course:
    """Run the waits a step at a time, standing still for seconds at the steps of `pauses`.

    At all other steps it stands still as well, for as long as it takes to let it go on.
    """
    record.mkdir()
    launch = Launch(
        Script(PROGRAM),
        (json.dumps(waits),),
        level=Level.LINES,
        record=record,
        control=True,
        paused=True,
        environment=environment(GEVENT_LOOP=loop),
    )
    child = Child.start(launch, APP)
    try:
        _lead(child, to, pauses)
        assert child.stdout is not None
        assert child.stderr is not None
        said, errors = child.stdout.readall(), child.stderr.readall()  # type: ignore[attr-defined]
    finally:
        child.stop()
    assert (child.ending and child.ending.status, errors) == (0, b"")
    return read(said, waits)


def unpaused_run(waits: Sequence[Wait], loop: str) -> Course:
    """The waits in plain Python, with nobody watching."""
    command = [sys.executable, PROGRAM, json.dumps(waits)]
    done = subprocess.run(
        command, env=environment(GEVENT_LOOP=loop), capture_output=True, check=True
    )
    return read(done.stdout, waits)


def _lead(child: Child, to: Literal["line", "switch"], pauses: Mapping[int, float]) -> None:
    """Step by step from where the waits begin to the end of the program."""
    control = child.control
    assert control is not None
    stood = -1  # Before its first line.
    while reports := control.wait():
        if not any(isinstance(report, Paused) for report in reports):
            continue
        if stood < 0:
            control.until(PROGRAM, line_of(PROGRAM, "gevent.joinall("))
        else:
            time.sleep(pauses.get(stood, 0))
            control.step(to)
        stood += 1


def read(said: bytes, waits: Sequence[Wait]) -> Course:
    """What the program printed."""
    loop, begun, due, woken = json.loads(said)
    begins = dict(begun)

    def ended(number: int, at: float) -> Ended:
        kind, seconds = waits[number]
        return Ended(number, kind, begins[number] + seconds, at)

    return Course(loop, [ended(*one) for one in due], [ended(*one) for one in woken])
