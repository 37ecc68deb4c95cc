"""`coroplay run`: a lesson, a script or a module, recorded, with the terminal left to it."""

from __future__ import annotations

import contextlib
import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from coroplay.cli.errors import FAILURE, USAGE, CommandError, begin_line, say
from coroplay.cli.target import plan_target
from coroplay.host.launch import Launch, Level
from coroplay.host.outcome import Report
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.process import StartError
from coroplay.host.recordings import (
    ELSEWHERE,
    Recordings,
    RecordingsError,
    default_folder,
    prepare_folder,
    read_limit,
)
from coroplay.host.signals import Signals
from coroplay.host.single import run_single


def run(parsed: Namespace) -> int:
    """Run what is asked for; return the exit status of the program, or of the first that failed."""
    plan = plan_target(parsed)
    if parsed.level is None:
        parsed.level = _usual_level(parsed, plan)
    try:
        limit = read_limit(os.environ)
        records = _records(parsed, plan)
    except RecordingsError as error:
        raise CommandError(USAGE, str(error)) from None
    launches = [
        _launch(parsed, program, record, several=len(records) > 1)
        for program, record in zip(plan.programs, records, strict=True)
    ]
    try:
        report = _run(plan, launches, parsed)
    except StartError as error:
        _remove_empty(records)
        raise CommandError(FAILURE, str(error)) from None
    unused = zip(records, report.outcomes, strict=True)
    _remove_empty([record for record, outcome in unused if outcome is None])
    if not parsed.quiet:
        from coroplay.cli.summary import summary

        begin_line()
        for line in summary(plan, launches, report, parsed.timeout):
            say(line)
    if parsed.record is None and any(records):
        kept = [record for record in records if record is not None]
        Recordings(kept[0].parent).prune(limit, keep=kept)
    return report.status


def _remove_empty(records: Sequence[Path | None]) -> None:
    """Remove the folders of programs that never started."""
    for record in records:
        if record is not None:
            with contextlib.suppress(OSError):  # Another of several programs has been recorded.
                record.rmdir()


def _usual_level(parsed: Namespace, plan: Plan) -> Level:
    """Return lines, unless recording would spoil what programs are there to show: their time."""
    timed = any(program.timed for program in plan.programs)
    return Level.OFF if timed and parsed.record is None else Level.LINES


def _records(parsed: Namespace, plan: Plan) -> list[Path | None]:
    """Return a folder for each program's recording; None where there can be no recording."""
    names = [program.name for program in plan.programs]
    if parsed.level == Level.OFF:
        if parsed.record is not None:
            raise CommandError(USAGE, "--level off records nothing, so leave --record out")
        return [None] * len(names)
    if parsed.record is not None:
        return [*_named_records(Path(parsed.record), names)]
    try:
        recordings = Recordings(default_folder(os.environ))
        return [recordings.new(name) for name in names]
    except RecordingsError as error:
        say(f"{error}; the run goes on unrecorded ({ELSEWHERE})")
        return [None] * len(names)


def _named_records(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the folder named with ``--record``, or one in it for each of several programs."""
    prepare_folder(folder)
    if len(names) == 1:
        return [folder]
    records = [folder / name for name in names]
    for record in records:
        prepare_folder(record)
    return records


def _launch(
    parsed: Namespace, program: PlannedProgram, record: Path | None, *, several: bool
) -> Launch:
    return Launch(
        program.target,
        program.arguments,
        level=Level.OFF if record is None else Level(parsed.level),
        record=record,
        main_name=program.main_name,
        line_budget=parsed.budget,
        own=_existing(parsed.own),
        not_own=_existing(parsed.not_own),
        line_buffered=several,
    )


def _existing(paths: Sequence[str]) -> tuple[str, ...]:
    """Return absolute paths of what there is."""
    for path in paths:
        if not os.path.lexists(path):
            raise CommandError(USAGE, f"there is no file or folder {path}")
    return tuple(map(os.path.abspath, paths))


def _run(plan: Plan, launches: Sequence[Launch], parsed: Namespace) -> Report:
    with Signals() as signals:
        if len(launches) == 1:
            return run_single(launches[0], signals, parsed.timeout, parsed.grace)
        from coroplay.cli.several import run_several

        return run_several(
            plan,
            launches,
            signals,
            color=parsed.color,
            timeout=parsed.timeout,
            grace=parsed.grace,
        )
