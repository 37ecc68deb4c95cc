"""One program, run twice: by the witness, and watched."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from coroplay.trace import Recording
from tests.support.programs import LIMIT_S, Result, Workbench, environment
from tests.truth.compare import Verdict, compare, kind_of
from tests.truth.facts import Facts
from tests.truth.model import Program, Rendered
from tests.truth.render import render
from tests.truth.told import read_recording
from tests.truth.truth import read_log

_WITNESS: Final = Path(__file__).with_name("witness.py")
_TRIES: Final = 2
"""How often a false statement must come again."""


def see(rendered: Rendered, folder: Path) -> tuple[Facts, bytes]:
    """Run a program unwatched, with the witness beside it: what is true, and what it printed."""
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
    return read_log(events, rendered), done.stdout


def watch(rendered: Rendered, bench: Workbench, level: str, used: str) -> tuple[Facts, Result]:
    """Run the same program watched: what the recording says, and what a person saw.

    `used` is ``on`` or ``off``: that is what the accelerator is.
    """
    script = bench.script(rendered.source)
    record = bench.new_record()
    result = bench.watched(record, script, level=level, COROPLAY_ACCELERATOR=used)
    with Recording(record) as recording:
        assert recording.notes.silent_at is None, recording.notes.silent_why
        return read_recording(recording, script), result


def judge(program: Program, ways: Sequence[tuple[str, str]]) -> Verdict:
    """Compare what is recorded of a program at those levels, with and without C, with the truth.

    Where timers are close together two runs may differ by themselves: what is false is so again.
    """
    rendered = render(program)
    verdict = _judge_once(rendered, ways)
    for _ in range(_TRIES if verdict.lies and "gevent" in rendered.source else 0):
        again = {_key(lie) for lie in _judge_once(rendered, ways).lies}
        verdict.lies = [lie for lie in verdict.lies if _key(lie) in again]
    return verdict


def _key(lie: str) -> tuple[str, str]:
    """The way in which it was recorded, and the kind."""
    return lie.partition("]")[0], kind_of(lie)


def _judge_once(rendered: Rendered, ways: Sequence[tuple[str, str]]) -> Verdict:
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        true, printed = see(rendered, folder)
        bench = Workbench(folder)
        for level, used in ways:
            told, seen = watch(rendered, bench, level, used)
            one = compare(told, true, level == "lines", rendered)
            if seen.stdout != printed:
                one.lies.append(f"it printed {seen.stdout!r}; unwatched {printed!r}")
            verdict.lies += [f"[{level}, C {used}] {lie}" for lie in one.lies]
            verdict.known += one.known
            verdict.unknown += one.unknown
    return verdict
