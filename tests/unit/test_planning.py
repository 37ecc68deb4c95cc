"""Plans made of lessons: programs, values and ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.host.launch import Script
from coroplay.host.ports import free_ports
from coroplay.lessons import (
    Lesson,
    NoSuchProgram,
    Parameter,
    ParameterType,
    Program,
    RunOrder,
    Together,
    Value,
)
from coroplay.planning import Values, plan_lesson, plan_programs, share_ports

HOME = Path("/lessons/one")


def port(name: str) -> Parameter:
    return Parameter(name, ParameterType.PORT, 0, "a port")


def program(name: str, *parameters: Parameter, service: bool = False) -> Program:
    return Program(name, HOME / f"{name}.py", name, parameters=parameters, service=service)


def lesson(*programs: Program, together: Together | None = None) -> Lesson:
    return Lesson("one", "One", "", 1, "Own", (), HOME, programs, together)


def shared(*programs: Program, values: Values | None = None) -> dict[str, dict[str, Value]]:
    return share_ports(programs, values or {})


A, B, C = program("a"), program("b"), program("c")


def test_the_first_program_is_planned_where_none_run_together() -> None:
    plan = plan_lesson(lesson(A, B), {})
    assert [planned.name for planned in plan.programs] == ["a"]
    assert plan.others == ("b",)


def test_the_programs_that_run_together_are_planned_as_the_lesson_says() -> None:
    together = Together(("c", "a"), RunOrder.IN_TURN, compare=True)
    plan = plan_lesson(lesson(A, B, C, together=together), {})
    assert [planned.name for planned in plan.programs] == ["c", "a"]
    assert plan.others == ("b",)
    assert plan.compare
    assert not plan.at_once


def test_programs_that_are_named_are_planned_once_each_and_leave_none_out() -> None:
    plan = plan_lesson(lesson(A, B, C), {}, ["b", "a", "b"])
    assert [planned.name for planned in plan.programs] == ["b", "a"]
    assert plan.others == ()


def test_one_program_is_compared_with_nothing() -> None:
    together = Together(("a", "b"), RunOrder.AT_ONCE, compare=True)
    assert not plan_lesson(lesson(A, B, together=together), {}, ["a"]).compare


def test_a_program_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchProgram, match="has no program 'd'"):
        plan_lesson(lesson(A), {}, ["d"])


def test_a_planned_program_has_its_script_and_the_values_that_were_set() -> None:
    count = Parameter("count", ParameterType.INT, 3, "how many")
    planned, other = plan_programs([program("a", count), program("b", count)], {"a": {"count": 4}})
    assert planned.target == Script("/lessons/one/a.py")
    assert planned.arguments == ("--count", "4")
    assert other.arguments == ()


def test_programs_share_a_free_port_of_the_same_name() -> None:
    values = shared(program("server", port("port")), program("client", port("port")))
    assert values["server"] == values["client"]
    assert values["server"]["port"] != 0


def test_ports_of_different_names_are_different_ports() -> None:
    server = program("server", port("port"), port("admin"))
    client = program("client", port("port"), port("admin"))
    values = shared(server, client)
    assert values["server"] == values["client"]
    assert values["server"]["port"] != values["server"]["admin"]


def test_a_port_that_one_program_has_for_itself_is_left_to_it() -> None:
    assert shared(program("server", port("port")), program("client")) == {
        "server": {},
        "client": {},
    }


def test_a_port_that_was_set_is_not_replaced() -> None:
    both = program("server", port("port")), program("client", port("port"))
    given = {"server": {"port": 4000}, "client": {"port": 4000}}
    assert shared(*both, values=given) == given


def test_values_are_not_changed_by_sharing_ports() -> None:
    given: dict[str, dict[str, Value]] = {"server": {}, "client": {}}
    shared(program("server", port("port")), program("client", port("port")), values=given)
    assert given == {"server": {}, "client": {}}


def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(50))) == 50
