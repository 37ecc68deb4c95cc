"""What a line may set is told from its instructions."""

from __future__ import annotations

import textwrap
from types import CodeType

from coroplay.probe.assignments import variables_set


def sets(source: str) -> dict[int, set[str]]:
    """Of a function with that body: the variables set by each of its lines, the first being 1."""
    whole = "def function(given):\n" + textwrap.indent(textwrap.dedent(source).strip(), "    ")
    code = next(one for one in compile(whole, "", "exec").co_consts if isinstance(one, CodeType))
    found = variables_set(code)
    return {line - 1: set(names) for line, names in found.items() if names and line > 1}


def test_assignments_of_all_kinds() -> None:
    assert sets("""
        a = b = given
        c, (d, *e) = a
        for f in (g := c): h = f
        del a
        given += 1
        return a
    """) == {1: {"a", "b"}, 2: {"c", "d", "e"}, 3: {"f", "g", "h"}, 4: {"a"}, 5: {"given"}}


def test_the_name_of_an_exception_is_set_and_forgotten() -> None:
    found = sets("""
        try: a = 1
        except ValueError as error: b = 2
        with given as c: pass
    """)
    assert {"b", "error"} <= found[2]
    assert "c" in found[3]


def test_what_an_inner_function_shares_is_left_out() -> None:
    assert sets("""
        a = 1
        b = lambda: a
        a = 2
    """) == {2: {"b"}}


def test_names_with_large_numbers() -> None:
    many = "\n".join(f"v{number} = {number}" for number in range(300))
    assert sets(many) == {number + 1: {f"v{number}"} for number in range(300)}
