"""`coroplay check-lessons`: the faults in lessons, all of whose programs are run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from coroplay import lessons
from coroplay.cli.catalogue import load
from coroplay.cli.errors import FAILURE, NOT_FOUND, CommandError
from coroplay.cli.lesson_plan import agree_on_ports, planned
from coroplay.cli.paint import output_paint
from coroplay.host.launch import Launch, Level
from coroplay.host.process import StartError
from coroplay.host.screen import Capture
from coroplay.host.signals import Signals
from coroplay.host.together import Part, Together
from coroplay.lessons import Catalogue, Lesson, checking
from coroplay.lessons.checking import Passed, Result
from coroplay.sanitizing import clean

LONGEST = 60.0
"""Seconds that programs which run together may take while they are checked."""


def check_lessons(parsed: Namespace) -> int:
    """Print each fault with its file, key and fix; the status is 1 if there is any."""
    paint = output_paint(parsed.color)
    faults = 0
    for finding in checking.check(_catalogue(parsed), run_for_check):
        if isinstance(finding, Passed):
            names = ", ".join(program.name for program in finding.programs)
            print(f"{paint.dim('ok')}     {finding.lesson.id}: {clean(names)}", flush=True)
        else:
            faults += 1
            print(f"{paint.alarm('fault')}  {clean(str(finding))}", flush=True)
    print(f"{faults} fault{'' if faults == 1 else 's'}" if faults else "no faults")
    return FAILURE if faults else 0


def _catalogue(parsed: Namespace) -> Catalogue:
    """Load the lessons of the named folder, or all that are known."""
    if parsed.folder is None:
        return load(parsed)
    folder = Path(parsed.folder).resolve()
    if not folder.is_dir():
        raise CommandError(
            NOT_FOUND, f"there is no folder {parsed.folder}; name a folder of lessons"
        )
    built_in = lessons.built_in().resolve()
    if folder.is_relative_to(built_in):
        return lessons.load([folder])
    # With the built-in ones, so that a number or an id that is taken is found.
    return lessons.load([built_in, folder]).within(folder)


def run_for_check(_lesson: Lesson, launches: Sequence[checking.Launch]) -> Sequence[Result]:
    """Run a lesson's programs at the same time, out of sight, with answers in place of a person."""
    values = [dict(launch.values) for launch in launches]
    agree_on_ports([launch.program for launch in launches], values)
    parts = []
    for launch, given in zip(launches, values, strict=True):
        program = planned(launch.program, given)
        settings = Launch(program.target, program.arguments, level=Level.OFF, line_buffered=True)
        parts.append(Part(settings, service=program.service, given=launch.stdin.encode()))
    capture = Capture()
    with Signals() as signals:
        together = Together(parts, capture, signals, at_once=True, timeout=LONGEST)
        try:
            report = together.run()
        except StartError as error:
            raise CommandError(FAILURE, str(error)) from None
    if report.interrupted:
        raise KeyboardInterrupt
    if report.ended_by is not None:
        raise CommandError(report.status, f"ended by {report.ended_by.name}")
    return [
        Result(
            status=outcome.status,
            stderr=capture.errors(number).decode("utf-8", "replace"),
            timed_out=report.timed_out and outcome.stopped and not part.service,
            stopped=outcome.stopped,
        )
        for number, (part, outcome) in enumerate(zip(parts, report.outcomes, strict=True))
        if outcome is not None
    ]
