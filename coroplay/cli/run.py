"""`coroplay run`: a lesson, a script or a module, recorded, with the terminal left to it."""

from __future__ import annotations

import contextlib
import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from coroplay.cli.errors import FAILURE, USAGE, CommandError, say
from coroplay.cli.plan import Plan, Planned
from coroplay.cli.target import plan
from coroplay.host import shelf as shelves
from coroplay.host.alone import run_alone
from coroplay.host.launch import Launch, Level
from coroplay.host.outcome import Report
from coroplay.host.process import StartError
from coroplay.host.shelf import Shelf, ShelfError
from coroplay.host.signals import Signals


def run(parsed: Namespace) -> int:
    """Run the target; return the exit status of the program, or of the first that failed."""
    wanted = plan(parsed)
    if parsed.level is None:
        parsed.level = _usual_level(parsed, wanted)
    try:
        limit = shelves.limit(os.environ)
        records = _records(parsed, wanted)
    except ShelfError as error:
        raise CommandError(USAGE, str(error)) from None
    launches = [
        _launch(parsed, program, record, several=len(records) > 1)
        for program, record in zip(wanted.programs, records, strict=True)
    ]
    try:
        report = _run(wanted, launches, parsed)
    except StartError as error:
        _remove_empty(records)
        raise CommandError(FAILURE, str(error)) from None
    unused = zip(records, report.outcomes, strict=True)
    _remove_empty([record for record, outcome in unused if outcome is None])
    if not parsed.quiet:
        from coroplay.cli.summary import summary

        for line in summary(wanted, launches, report, parsed.timeout):
            say(line)
    if parsed.record is None and any(records):
        kept = [record for record in records if record is not None]
        Shelf(kept[0].parent).prune(limit, keep=kept)
    return report.status


def _remove_empty(records: Sequence[Path | None]) -> None:
    """Remove the folders of programs whose turn never came."""
    for record in records:
        if record is not None:
            with contextlib.suppress(OSError):  # Another of several programs has been recorded.
                record.rmdir()


def _usual_level(parsed: Namespace, wanted: Plan) -> Level:
    """Return the usual level: lines, unless recording would spoil the times that are compared."""
    timed = any(program.timed for program in wanted.programs)
    return Level.OFF if timed and parsed.record is None else Level.LINES


def _records(parsed: Namespace, wanted: Plan) -> list[Path | None]:
    """Make a folder for each program's recording; None where there can be no recording."""
    names = [program.label for program in wanted.programs]
    if parsed.level == Level.OFF:
        if parsed.record is not None:
            raise CommandError(USAGE, "--level off records nothing, so leave --record out")
        return [None] * len(names)
    if parsed.record is not None:
        return [*_named_records(Path(parsed.record), names)]
    try:
        shelf = Shelf(shelves.default_folder(os.environ))
        return [shelf.new(name) for name in names]
    except ShelfError as error:
        say(f"{error}; the run goes on unrecorded ({shelves.ELSEWHERE})")
        return [None] * len(names)


def _named_records(folder: Path, names: Sequence[str]) -> list[Path]:
    """Prepare the folder named with ``--record``, or one in it for each of several programs."""
    shelves.prepare(folder)
    if len(names) == 1:
        return [folder]
    records = [folder / name for name in names]
    for record in records:
        shelves.prepare(record)
    return records


def _launch(parsed: Namespace, program: Planned, record: Path | None, *, several: bool) -> Launch:
    return Launch(
        program.target,
        program.arguments,
        level=Level.OFF if record is None else Level(parsed.level),
        record=record,
        main_name=program.main_name,
        line_budget=parsed.budget,
        line_buffered=several,
    )


def _run(wanted: Plan, launches: Sequence[Launch], parsed: Namespace) -> Report:
    with Signals() as signals:
        if len(launches) == 1:
            return run_alone(launches[0], signals, parsed.timeout)
        from coroplay.cli.several import run_several

        return run_several(wanted, launches, signals, color=parsed.color, timeout=parsed.timeout)
