"""A program made shorter as long as something false is said of it.

Hypothesis shrinks what programs are drawn from, a choice at a time, and each try takes a run or
more. What is known of programs gets there in far fewer: scenarios do without each other, and
statements without what stands around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from tests.truth.model import Body, Program, Statement


def shortened(program: Program, is_false: Callable[[Program], bool]) -> Program:
    """Return the shortest program found of which that still holds."""
    while (shorter := next(filter(is_false, _shorter(program)), None)) is not None:
        program = shorter
    return program


def _shorter(program: Program) -> Iterator[Program]:
    """Programs with one scenario; without some; with one in which a statement is less."""
    scenarios = program.scenarios
    if len(scenarios) > 2:
        yield from (Program((one,)) for one in scenarios)
    size = len(scenarios) // 2
    while size:
        for at in range(0, len(scenarios), size):
            yield Program(scenarios[:at] + scenarios[at + size :])
        size //= 2
    for at, scenario in enumerate(scenarios):
        for body in _shorter_bodies(scenario.body):
            shorter = replace(scenario, body=body)
            yield Program((*scenarios[:at], shorter, *scenarios[at + 1 :]))


def _shorter_bodies(body: Body) -> Iterator[Body]:
    """Bodies without one statement, with what stands in one instead of it, with one shorter."""
    for at, statement in enumerate(body):
        before, after = body[:at], body[at + 1 :]
        yield before + after
        yield from (before + inner + after for inner in _inside(statement) if inner)
        yield from ((*before, shorter, *after) for shorter in _shorter_statements(statement))


def _inside(statement: Statement) -> list[Body]:
    found = [getattr(statement, field.name) for field in fields(statement)]
    return [one for one in found if isinstance(one, tuple)]


def _shorter_statements(statement: Statement) -> Iterator[Statement]:
    for field in fields(statement):
        body = getattr(statement, field.name)
        if isinstance(body, tuple):
            for shorter in _shorter_bodies(body):
                yield replace(statement, **{field.name: shorter})  # type: ignore[arg-type]
