"""The rules by which the programs of a plan start, wait for each other, and are stopped.

Everything here is a pure function of the plan, of how its programs stand, and of the time:
`decide` says what a host is to do next. The command line and the playground both ask it, each
with processes, and a clock, of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final, NamedTuple

from coroplay.host.plan import Plan

SERVICE_READY_AFTER: Final = 5.0
"""Seconds after which a service that has printed nothing counts as ready all the same."""
_CANCELLED: Final = "{services} failed, so {programs} did not start."


class Phase(enum.Enum):
    """The part of its life that a planned program is in."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    """Never started, and never to be started in this run."""


class Status(NamedTuple):
    """The standing of a planned program in its run."""

    phase: Phase = Phase.WAITING
    started: float = 0.0
    """The time of its start, by the host's clock."""
    has_printed: bool = False
    """True if anything has come through its standard output."""
    failed: bool = False
    """True if it ended by itself, and with a failure; see `has_failed`."""


class Decision(NamedTuple):
    """A host's next actions, with programs by their place in the plan."""

    start: tuple[int, ...] = ()
    """Programs to be started, in this order."""
    cancel: tuple[int, ...] = ()
    """Programs that are not to be started any more."""
    stop: tuple[int, ...] = ()
    """Programs to be stopped. They are named until they have ended."""


def decide(plan: Plan, statuses: Sequence[Status], now: float) -> Decision:
    """Return what is to be done now, from how the programs stand.

    * Services start first, without waiting for anything.
    * The others start when all services are ready: all at once, or each when the one before it has
      ended.
    * When a service has failed, programs that wait are cancelled: they would need it.
    * When all others have ended, services are stopped. A plan of services alone runs until these
      end by themselves.
    """
    services = [n for n, program in enumerate(plan.programs) if program.service]
    others = [n for n, program in enumerate(plan.programs) if not program.service]
    start = _in_phase(services, Phase.WAITING, statuses)
    cancel: list[int] = []
    if any(statuses[n].failed for n in services):
        start, cancel = [], _in_phase(services + others, Phase.WAITING, statuses)
    elif all(is_ready(statuses[n], now) for n in services):
        start += _pick_next(others, statuses, at_once=plan.at_once)
    left = {n for n in others if statuses[n].phase in (Phase.WAITING, Phase.RUNNING)}
    stop = _in_phase(services, Phase.RUNNING, statuses) if others and left <= {*cancel} else []
    return Decision(tuple(start), tuple(cancel), tuple(stop))


def decide_end(statuses: Sequence[Status]) -> Decision:
    """Return what is to be done when the whole run is to end now."""
    everyone = range(len(statuses))
    return Decision(
        cancel=tuple(_in_phase(everyone, Phase.WAITING, statuses)),
        stop=tuple(_in_phase(everyone, Phase.RUNNING, statuses)),
    )


def is_over(statuses: Sequence[Status]) -> bool:
    """Tell whether nothing runs, and nothing waits for its turn."""
    return all(status.phase in (Phase.ENDED, Phase.CANCELLED) for status in statuses)


def is_ready(service: Status, now: float) -> bool:
    """Tell whether programs that need a service may start.

    A service says on standard output that it is ready, and on standard error why it is not. A
    service that prints nothing counts as ready after a while. A service that has ended without a
    failure has done its work.
    """
    match service.phase:
        case Phase.RUNNING:
            return service.has_printed or now >= service.started + SERVICE_READY_AFTER
        case Phase.ENDED:
            return not service.failed
    return False


def has_failed(exit_status: int, *, stopped: bool) -> bool:
    """Tell whether an end is a failure. An end brought about by the host never is."""
    return exit_status != 0 and not stopped


def gets_input(program: int, plan: Plan, statuses: Sequence[Status]) -> bool:
    """Tell whether a program that starts now reads what the person types.

    Of several that could, the first to start does; the others find their input at its end.
    """
    running = _in_phase(range(len(statuses)), Phase.RUNNING, statuses)
    taken = any(plan.programs[n].reads_input for n in running)
    return plan.programs[program].reads_input and not taken


def explain_cancelling(plan: Plan, statuses: Sequence[Status]) -> str:
    """Return a sentence that says why programs did not start; empty if no service failed."""
    stands = list(zip(plan.programs, statuses, strict=True))
    cancelled = [program.name for program, status in stands if status.phase is Phase.CANCELLED]
    failed = [program.name for program, status in stands if program.service and status.failed]
    if not cancelled or not failed:
        return ""
    return _CANCELLED.format(services=", ".join(failed), programs=", ".join(cancelled))


def _pick_next(programs: Sequence[int], statuses: Sequence[Status], *, at_once: bool) -> list[int]:
    """Return the programs whose turn it is, of those that wait for no service any more."""
    waiting = _in_phase(programs, Phase.WAITING, statuses)
    if at_once:
        return waiting
    return [] if _in_phase(programs, Phase.RUNNING, statuses) else waiting[:1]


def _in_phase(programs: Sequence[int], phase: Phase, statuses: Sequence[Status]) -> list[int]:
    """Return those of the programs that are in a phase."""
    return [n for n in programs if statuses[n].phase is phase]
