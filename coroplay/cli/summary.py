"""The summary after a run: how it ended, how long it took, where its recording is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coroplay.cli.notes import advice, notes
from coroplay.host.launch import Launch
from coroplay.host.outcome import Outcome, Report
from coroplay.host.plan import Plan
from coroplay.trace import Recording, RecordingError, count_switches, is_slowed
from coroplay.trace.meta import why_unrecorded
from coroplay.trace.view.endings import describe_ending


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The facts that the summary takes from a recording."""

    elapsed: float
    """Seconds of the program's own time."""
    switches: int
    coroutines: int
    notes: tuple[str, ...]
    slowed: bool
    """True if recording can be felt in that time."""


def summary(
    plan: Plan, launches: Sequence[Launch], report: Report, timeout: float | None
) -> Iterator[str]:
    """Yield the lines of the summary."""
    several = len(launches) > 1
    if report.ended_by is not None:
        yield f"ended by {report.ended_by.name}"
    elif report.reader_gone:
        yield "ended, because nobody reads the output any more"
    elif report.timed_out:
        yield f"time was up after {timeout:g} s"
    seconds: dict[str, float] = {}
    slowed = False
    for program, launch, outcome in zip(plan.programs, launches, report.outcomes, strict=True):
        if outcome is not None:
            recorded = _recorded(launch.record)
            seconds[program.name] = recorded.elapsed if recorded else outcome.seconds
            slowed |= recorded is not None and recorded.slowed
            for line in _about(outcome, launch.record, recorded):
                yield f"{program.name}: {line}" if several else line
    if plan.compare and len(seconds) == len(launches):
        yield from _comparison(seconds, slowed=slowed)
    if plan.others:
        yield f"the lesson also has {', '.join(plan.others)}: --program NAME runs one"


def _about(outcome: Outcome, record: Path | None, recorded: _Recorded | None) -> Iterator[str]:
    seconds = recorded.elapsed if recorded else outcome.seconds
    # That its time was up, or who ended it, is said of the whole run.
    end = "stopped" if outcome.stopped else describe_ending(outcome.ending)
    line = f"{end} after {seconds:.2f} s"
    if recorded:
        line += f" · {_number(recorded.switches, 'switch', 'switches')}"
        line += f" · {_number(recorded.coroutines, 'coroutine', 'coroutines')}"
    yield line
    yield from recorded.notes if recorded else ()
    if record is not None and recorded is None:
        why = why_unrecorded(record)
        yield f"nothing was recorded in {record}{why and f': {why}'}{advice(why)}"
    elif record is not None:
        yield f"recorded in {record}"
    if outcome.unkept is not None:
        yield f"how it ended could not be kept with the recording: {outcome.unkept.strerror}"
    if outcome.ending.pipe_closed and record is None:
        yield "the reader of the program's output went away before it was done"


def _recorded(record: Path | None) -> _Recorded | None:
    if record is None:
        return None
    try:
        with Recording(record) as recording:
            switches = count_switches(recording)
            return _Recorded(
                recording.length_ns / 1e9,
                switches,
                len(recording.coroutines),
                tuple(notes(recording)),
                is_slowed(recording, switches),
            )
    except RecordingError:
        return None


def _comparison(seconds: dict[str, float], *, slowed: bool) -> Iterator[str]:
    """Yield each program's time as a multiple of the shortest."""
    shortest = min(seconds, key=lambda label: seconds[label])
    meanwhile = "while recorded, " if slowed else ""
    for label, time in seconds.items():
        if label != shortest and seconds[shortest] > 0:
            ratio = time / seconds[shortest]
            yield f"{meanwhile}{label} took {ratio:.1f} times as long as {shortest}"
    if slowed:
        yield "recording takes time itself: --level off shows the true ratio"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
