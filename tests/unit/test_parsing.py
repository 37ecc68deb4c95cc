"""Parsing pieces of source: what they mean, without warnings, and without losing exceptions."""

from __future__ import annotations

import ast
import gc
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coroplay.probe.inspect import parsing
from coroplay.probe.inspect.evaluation import evaluate
from coroplay.probe.inspect.parsing import (
    parse_expression,
    parse_statement,
    parts_of,
    segment,
)

STRINGS = [
    r'"\d"',
    r"'\d\\\'\n'",
    r'"\x41\101\u0041\N{BULLET}\777\400"',
    r'b"\x41\101\u0041\N{BULLET}\777"',
    r'r"\d\""',
    r'rb"\d"',
    '"a\\\nb\\d"',
    '"""a\\\n"\\d\\\n"""',
    r'"a\n" "b\d"' + "  # it's \\ \"\n" + r" 'c\t'",
    r'"\"", "\\", "\\\"", "\'"',
    '"\N{BULLET}", "\N{BULLET}\\d"',
    r"{'\n': ['\d', (1, b'\0')]}",
]


@pytest.fixture
def meaning() -> Callable[[str], Any]:
    """Evaluates source as Python does, warnings and all."""

    def mean(source: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(f"({source}\n)")

    return mean


@pytest.mark.parametrize("source", STRINGS)
def test_a_string_has_the_value_that_it_has_in_python(
    source: str, meaning: Callable[[str], Any]
) -> None:
    node = parse_expression(f"({source}\n)")
    assert node is not None
    assert evaluate(node, {}) == meaning(source)


WARNED_OF = [
    r'f("\d", f"{x}\d", b"\777", "\400")',
    "f(1if x else 2, 0xfor x, 1_0and 3)",
    'f(f"{1if x else 2}")',
    'f(x is 1, "a" is y, ()())',
    "f([1, 2](3))",
]
if sys.version_info >= (3, 12):
    WARNED_OF += [r"""f(f"{x["\d"]} {'a' "\d"}")""", """f(f"{x["k"]} {1if x else 2} {x["k"]}")"""]


@pytest.mark.parametrize("source", WARNED_OF)
def test_parsing_never_warns(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse_expression(f"({source}\n)")
        parse_statement(f"for i in {source}:\n    {source}\n")


def test_escapes_keep_the_places_of_what_comes_after_them() -> None:
    source = r'f("\N{BULLET}\d", "•\"", other.item)'
    node = parse_expression(source)
    assert isinstance(node, ast.Call)
    assert ast.get_source_segment(source, node.args[2]) == "other.item"
    assert ast.get_source_segment(source, node.args[1]) == r'"•\""'


@pytest.mark.parametrize(
    "source", ["f(", "", "1 +", "a = 1", "f(\\)", "f('\\x')", "f(\0)", "f('\x01\\n')"]
)
def test_what_is_no_expression_has_no_tree(source: str) -> None:
    assert parse_expression(source) is None


def test_what_a_signal_handler_raises_meanwhile_is_the_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class MineError(ValueError):
        pass

    def handler(_number: int, _frame: object) -> None:
        raise MineError

    def soon(_source: str) -> bool:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        return False

    # The last thing before the parser, which is to be at work for far longer.
    monkeypatch.setattr(parsing, "_runs_in", soon)
    before = signal.signal(signal.SIGALRM, handler)
    gc.disable()  # It would call functions in Python, in which exceptions are ignored.
    try:
        with pytest.raises(MineError):
            parse_expression(f"f({'a, ' * 100_000})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        gc.enable()


def test_all_of_the_lessons_can_be_parsed() -> None:
    for file in (Path(__file__).parents[2] / "demos").glob("*/*.py"):
        for one in ast.parse(file.read_text()).body:
            assert parse_statement(ast.unparse(one)) is not None


PIECES = [
    'f(a, "b", (c, d[1:2]), *e, key=lambda x: (x, [y for y in z]))',
    '(\n f(a,\r\n  "\N{BULLET}", b.c)\r + "\x0c" \n)',
]


@pytest.mark.parametrize("source", PIECES)
def test_each_part_of_a_tree_is_found_with_its_text(source: str) -> None:
    tree = parse_expression(source)
    assert tree is not None
    parts = list(parts_of(tree))
    assert Counter(parts) == Counter(ast.walk(tree))
    for one in parts:
        if isinstance(one, ast.expr):
            assert segment(source, one) == ast.get_source_segment(source, one)


def test_parts_in_tuples_are_found() -> None:
    name = ast.Name("a", ast.Load())
    tree = ast.Tuple(elts=(name,), ctx=ast.Load())  # type: ignore[arg-type]
    assert name in parts_of(tree)


@pytest.mark.parametrize("prefix", ["(f(dont, '", '(f(dont, """', "(f('a' 'b"])
def test_a_string_without_an_end_is_given_up_at_once(prefix: str) -> None:
    """Each backslash more would double the time: this one would take longer than anybody lives."""
    assert parse_expression(prefix + "\\a" * 100) is None
