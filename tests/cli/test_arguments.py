"""Taking a command line apart."""

from __future__ import annotations

import pytest

from coroplay.cli.arguments import parse
from coroplay.cli.errors import CommandError


@pytest.mark.parametrize(
    ("typed", "target", "arguments"),
    [
        ("run x.py", "x.py", ""),
        ("run x.py a b", "x.py", "a b"),
        ("run x.py a --level lines", "x.py", "a --level lines"),
        ("run x.py --level lines a", "x.py", "a"),
        ("run --level lines x.py a", "x.py", "a"),
        ("run --level=lines x.py a", "x.py", "a"),
        ("run x.py -- --level lines", "x.py", "--level lines"),
        ("run x.py --", "x.py", ""),
        ("run x.py -- --", "x.py", "--"),
        ("run -- x", None, "x"),
        ("--color never run x.py a", "x.py", "a"),
        ("--lessons run run x.py", "x.py", ""),
        ("run --set a=run x.py -", "x.py", "-"),
        ("run -q x.py run -q", "x.py", "run -q"),
    ],
)
def test_what_belongs_to_the_program_is_told_apart(
    typed: str, target: str | None, arguments: str
) -> None:
    parsed = parse(typed.split())
    assert parsed.target == target
    assert " ".join(parsed.arguments) == arguments


@pytest.mark.parametrize("typed", ["run -m mod a -q", "run -mmod a -q", "run -m mod -- a -q"])
def test_a_module_is_a_target(typed: str) -> None:
    parsed = parse(typed.split())
    assert (parsed.module, parsed.arguments) == ("mod", ("a", "-q"))


def test_options_may_be_given_more_than_once() -> None:
    parsed = parse(["run", "3", "--program", "a", "--program", "b", "--set", "x=1", "--set", "y="])
    assert (parsed.program, parsed.set) == (["a", "b"], ["x=1", "y="])


def test_options_are_never_shortened() -> None:
    with pytest.raises(CommandError, match="no option --lev"):
        parse(["run", "1", "--lev", "off"])


def test_defaults() -> None:
    parsed = parse(["run", "1"])
    assert (parsed.level, parsed.color, parsed.quiet, parsed.timeout) == (
        *(None, "auto", False),
        None,
    )
