"""One program, run twice: by the witness, and watched."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coroplay.trace import Recording
from tests.support.programs import LIMIT_S, Result, Workbench, environment
from tests.truth.compare import compare, kind_of
from tests.truth.facts import Facts
from tests.truth.model import Program, Rendered
from tests.truth.render import render
from tests.truth.told import read_recording
from tests.truth.truth import read_log

_WITNESS: Final = Path(__file__).with_name("witness.py")
_KEEPS: Final = "off" if sys.version_info < (3, 12) else ""
"""Without the accelerator, Python 3.11's tracing keeps what variables drop for a while.

Each function is traced at level ``lines``; at ``switches`` those that something is thrown into.
"""
_TRIES: Final = 2
"""How often a false statement must come again."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways in which a program is watched."""

    level: str
    accelerator: str
    """Whether C is used: ``on`` or ``off``."""


WAYS: Final = tuple(Way(level, used) for level in ("lines", "switches") for used in ("on", "off"))


@dataclass(frozen=True, slots=True)
class Lie:
    """A false statement of a recording."""

    way: Way
    text: str

    @property
    def kind(self) -> str:
        """What false statements of its kind share."""
        return kind_of(self.text)

    def __str__(self) -> str:
        return f"[{self.way.level}, C {self.way.accelerator}] {self.text}"


@dataclass(slots=True)
class Verdict:
    """What came of all comparisons of one program."""

    lies: list[Lie] = field(default_factory=list)
    known: int = 0
    """Values that were told, and are true."""
    unknown: int = 0
    """Values that there were, and the recordings say nothing of."""


def see(rendered: Rendered, folder: Path) -> Facts:
    """Run a program unwatched, with the witness beside it, and return what is true."""
    script, log = folder / "program.py", folder / "log"
    script.write_text(rendered.source)
    done = subprocess.run(
        [sys.executable, _WITNESS, script, log],
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
        cwd=folder,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr.decode()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    return read_log(events, rendered)


def watch(script: str, bench: Workbench, way: Way) -> tuple[Facts, Result]:
    """Run the same program watched: what the recording says, and what a person saw."""
    record = bench.new_record()
    result = bench.watched(record, script, level=way.level, COROPLAY_ACCELERATOR=way.accelerator)
    with Recording(record) as recording:
        assert recording.notes.silent_at is None, recording.notes.silent_why
        return read_recording(recording, script), result


def judge(program: Program, ways: Sequence[Way]) -> Verdict:
    """Compare what is recorded of a program in those ways with the truth.

    Where timers are close together two runs may differ by themselves: what is false is so again.
    """
    rendered = render(program)
    verdict = _judge_once(rendered, ways)
    for _ in range(_TRIES if verdict.lies and "gevent" in rendered.source else 0):
        again = {(lie.way, lie.kind) for lie in _judge_once(rendered, ways).lies}
        verdict.lies = [lie for lie in verdict.lies if (lie.way, lie.kind) in again]
    return verdict


def _judge_once(rendered: Rendered, ways: Sequence[Way]) -> Verdict:
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        true = see(rendered, folder)
        bench = Workbench(folder)
        script = bench.script(rendered.source)
        printed = {bench.plain(script).stdout}
        for way in ways:
            told, seen = watch(script, bench, way)
            lines = way.level == "lines"
            keeps = way.accelerator == _KEEPS and (lines or told.throws)
            one = compare(told, true, lines, rendered, keeps=keeps)
            if one.in_time and seen.stdout not in printed:
                printed |= {bench.plain(script).stdout for _ in range(_TRIES)}
            if one.in_time and seen.stdout not in printed:
                one.lies.append(f"it printed {seen.stdout!r}; unwatched {sorted(printed)}")
            verdict.lies += [Lie(way, text) for text in one.lies]
            verdict.known += one.known
            verdict.unknown += one.unknown
    return verdict
