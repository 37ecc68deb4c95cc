"""The rules by which programs start, wait for each other and are stopped, without processes."""

from __future__ import annotations

import pytest

from coroplay.host.launch import Script
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.schedule import (
    SERVICE_READY_AFTER,
    Decision,
    Phase,
    Status,
    decide,
    decide_end,
    explain_cancelling,
    gets_input,
    has_failed,
    is_over,
    is_ready,
)

STARTED = 100.0
SOON = STARTED + 1
LATE = STARTED + SERVICE_READY_AFTER
WAITING = Status()
RUNNING = Status(Phase.RUNNING, STARTED)
READY = Status(Phase.RUNNING, STARTED, has_printed=True)
ENDED = Status(Phase.ENDED, STARTED)
FAILED = Status(Phase.ENDED, STARTED, failed=True)
CANCELLED = Status(Phase.CANCELLED)


def program(name: str, *, service: bool = False, reads_input: bool = False) -> PlannedProgram:
    return PlannedProgram(name, Script(name), service=service, reads_input=reads_input)


SERVER = program("server", service=True)
CLIENT = program("client")
OTHER = program("other")
READER = program("reader", reads_input=True)


def at_once(*programs: PlannedProgram) -> Plan:
    return Plan("at once", programs)


def in_turn(*programs: PlannedProgram) -> Plan:
    return Plan("in turn", programs, at_once=False)


def test_programs_at_once_all_start() -> None:
    assert decide(at_once(CLIENT, OTHER), [WAITING, WAITING], SOON) == Decision(start=(0, 1))


def test_programs_in_turn_start_one_after_the_other() -> None:
    plan = in_turn(CLIENT, OTHER)
    assert decide(plan, [WAITING, WAITING], SOON) == Decision(start=(0,))
    assert decide(plan, [RUNNING, WAITING], SOON) == Decision()
    assert decide(plan, [ENDED, WAITING], SOON) == Decision(start=(1,))


def test_a_program_in_turn_starts_though_the_one_before_it_failed() -> None:
    assert decide(in_turn(CLIENT, OTHER), [FAILED, WAITING], SOON) == Decision(start=(1,))


@pytest.mark.parametrize("plan", [at_once(CLIENT, SERVER), in_turn(CLIENT, SERVER)])
def test_services_start_before_all_others(plan: Plan) -> None:
    assert decide(plan, [WAITING, WAITING], SOON) == Decision(start=(1,))
    assert decide(plan, [WAITING, RUNNING], SOON) == Decision()
    assert decide(plan, [WAITING, READY], SOON) == Decision(start=(0,))


def test_a_program_waits_for_all_services() -> None:
    plan = at_once(SERVER, CLIENT, SERVER)
    assert decide(plan, [READY, WAITING, RUNNING], SOON) == Decision()
    assert decide(plan, [READY, WAITING, READY], SOON) == Decision(start=(1,))


def test_a_service_does_not_take_the_turn_of_a_program() -> None:
    plan = in_turn(SERVER, CLIENT, OTHER)
    assert decide(plan, [READY, WAITING, WAITING], SOON) == Decision(start=(1,))
    assert decide(plan, [READY, ENDED, WAITING], SOON) == Decision(start=(2,))


def test_a_service_is_ready_when_it_has_printed() -> None:
    assert not is_ready(RUNNING, SOON)
    assert is_ready(READY, SOON)


def test_a_silent_service_is_ready_after_a_while() -> None:
    assert not is_ready(RUNNING, LATE - 0.1)
    assert is_ready(RUNNING, LATE)


@pytest.mark.parametrize("status", [WAITING, CANCELLED, FAILED])
def test_a_service_that_does_not_run_is_never_ready(status: Status) -> None:
    assert not is_ready(status, LATE)


def test_a_service_that_ended_without_a_failure_is_waited_for_no_more() -> None:
    assert decide(at_once(SERVER, CLIENT), [ENDED, WAITING], SOON) == Decision(start=(1,))


@pytest.mark.parametrize("now", [SOON, LATE])
def test_a_service_that_failed_cancels_those_that_wait(now: float) -> None:
    plan = at_once(SERVER, CLIENT, OTHER)
    assert decide(plan, [FAILED, WAITING, WAITING], now) == Decision(cancel=(1, 2))


def test_a_service_that_failed_cancels_the_turns_still_to_come() -> None:
    plan = in_turn(SERVER, CLIENT, OTHER)
    assert decide(plan, [FAILED, RUNNING, WAITING], SOON) == Decision(cancel=(2,))


def test_the_other_services_are_stopped_when_all_that_need_them_are_cancelled() -> None:
    plan = at_once(SERVER, SERVER, CLIENT)
    assert decide(plan, [FAILED, READY, WAITING], SOON) == Decision(cancel=(2,), stop=(1,))


def test_services_are_stopped_when_all_others_have_ended() -> None:
    plan = at_once(SERVER, CLIENT, OTHER)
    assert decide(plan, [READY, ENDED, RUNNING], SOON) == Decision()
    assert decide(plan, [READY, ENDED, FAILED], SOON) == Decision(stop=(0,))


def test_services_alone_run_until_they_end_by_themselves() -> None:
    plan = at_once(SERVER, SERVER)
    assert decide(plan, [READY, ENDED], LATE) == Decision()


def test_the_end_of_a_run_cancels_those_that_wait_and_stops_those_that_run() -> None:
    assert decide_end([RUNNING, WAITING, ENDED, READY]) == Decision(cancel=(1,), stop=(0, 3))


def test_a_run_is_over_when_no_program_runs_or_waits() -> None:
    assert is_over([ENDED, FAILED, CANCELLED])
    assert not is_over([ENDED, WAITING])
    assert not is_over([ENDED, RUNNING])


def test_only_programs_that_ended_by_themselves_can_have_failed() -> None:
    assert has_failed(3, stopped=False)
    assert not has_failed(143, stopped=True)
    assert not has_failed(0, stopped=False)


def test_of_several_readers_the_first_to_start_gets_the_input() -> None:
    plan = at_once(READER, READER)
    assert gets_input(0, plan, [WAITING, WAITING])
    assert not gets_input(1, plan, [RUNNING, WAITING])


def test_the_next_reader_in_turn_gets_the_input() -> None:
    assert gets_input(1, in_turn(READER, READER), [ENDED, WAITING])


def test_a_program_that_reads_no_input_gets_none_and_takes_none_away() -> None:
    plan = at_once(CLIENT, READER)
    assert not gets_input(0, plan, [WAITING, WAITING])
    assert gets_input(1, plan, [RUNNING, WAITING])


def test_why_programs_were_cancelled_is_a_sentence() -> None:
    plan = at_once(SERVER, CLIENT, OTHER)
    sentence = explain_cancelling(plan, [FAILED, CANCELLED, CANCELLED])
    assert sentence == "server failed, so client, other did not start."


@pytest.mark.parametrize("statuses", [[FAILED, ENDED, ENDED], [READY, CANCELLED, CANCELLED]])
def test_without_a_service_that_kept_others_from_starting_there_is_no_sentence(
    statuses: list[Status],
) -> None:
    assert explain_cancelling(at_once(SERVER, CLIENT, OTHER), statuses) == ""
