"""`coroplay check-lessons`: find the faults in lessons, and run all their programs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from coroplay import lessons
from coroplay.cli.catalogue import load
from coroplay.cli.errors import FAILURE, NOT_FOUND, CommandError
from coroplay.cli.paint import output_paint
from coroplay.host.child import GRACE
from coroplay.host.group import Group
from coroplay.host.launch import Launch, Level
from coroplay.host.outcome import Outcome, Report
from coroplay.host.outlet import Capture
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.process import StartError
from coroplay.host.signals import Signals
from coroplay.lessons import Catalogue, Lesson, checking
from coroplay.lessons.checking import Passed, Result, Trial
from coroplay.planning import plan_programs
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
    """Return the lessons of the named folder, or all that are known."""
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


def run_for_check(lesson: Lesson, trials: Sequence[Trial]) -> list[Result | None]:
    """Run a lesson's programs at the same time, out of sight, with what stands in for a person."""
    plan = _plan(lesson, trials)
    launches = [
        Launch(program.target, program.arguments, level=Level.OFF, line_buffered=True)
        for program in plan.programs
    ]
    capture = Capture()
    with Signals() as signals:
        group = Group(plan, launches, capture, signals, timeout=LONGEST, grace=GRACE)
        try:
            report = group.run()
        except StartError as error:
            raise CommandError(FAILURE, str(error)) from None
    if report.interrupted:
        raise KeyboardInterrupt
    if report.asked is not None:
        raise CommandError(128 + report.asked, f"ended by {report.asked.name}")
    return [
        None if outcome is None else _result(program, outcome, capture.errors(number), report)
        for number, (program, outcome) in enumerate(
            zip(plan.programs, report.outcomes, strict=True)
        )
    ]


def _result(program: PlannedProgram, outcome: Outcome, errors: bytes, report: Report) -> Result:
    return Result(
        status=outcome.status,
        stderr=errors.decode("utf-8", "replace"),
        timed_out=report.timed_out and outcome.stopped and not program.service,
        stopped=outcome.stopped,
    )


def _plan(lesson: Lesson, trials: Sequence[Trial]) -> Plan:
    """Return the plan for programs that read what stands in for a person."""
    values = {trial.program.name: trial.values for trial in trials}
    programs = plan_programs([trial.program for trial in trials], values)
    fed = (
        program._replace(given=trial.stdin.encode())
        for program, trial in zip(programs, trials, strict=True)
    )
    return Plan(lesson.title, tuple(fed))
