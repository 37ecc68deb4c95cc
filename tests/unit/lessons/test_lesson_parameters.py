"""A person's text becomes a value, and a value becomes arguments for the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.lessons import (
    BadValue,
    NoSuchParameter,
    Parameter,
    ParameterType,
    Program,
    Value,
)

PACE = Parameter("pace", ParameterType.FLOAT, 1.0, "seconds", minimum=0.0, maximum=10.0)
COUNT = Parameter("count", ParameterType.INT, 1_000_000, "numbers", minimum=1, maximum=10_000_000)
AT_LEAST = Parameter("size", ParameterType.INT, 3, "", minimum=2)
AT_MOST = Parameter("size", ParameterType.INT, 3, "", maximum=4)
NAME = Parameter("name", ParameterType.TEXT, "Lyon", "who")
COLOUR = Parameter("colour", ParameterType.CHOICE, "red", "which", choices=("red", "blue"))
PORT = Parameter("port", ParameterType.PORT, 0, "where")
URLS = Parameter("urls", ParameterType.TEXTS, (), "which pages")


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (PACE, "0", 0.0),
        (PACE, "2.5", 2.5),
        (PACE, "10", 10.0),
        (COUNT, "17", 17),
        (COUNT, "1_000", 1000),
        (NAME, "", ""),
        (NAME, "Ada", "Ada"),
        (COLOUR, "blue", "blue"),
        (PORT, "0", 0),
        (PORT, "65535", 65535),
        (URLS, "", ()),
        (URLS, "a, b,,c ", ("a", "b", "c")),
    ],
)
def test_text_becomes_a_value(parameter: Parameter, text: str, value: Value) -> None:
    assert parameter.parse(text) == value


@pytest.mark.parametrize(
    ("parameter", "text", "sentence"),
    [
        (PACE, "x", "pace must be a number between 0 and 10, not 'x'"),
        (PACE, "10.1", "pace must be a number between 0 and 10, not '10.1'"),
        (PACE, "nan", "pace must be a number between 0 and 10, not 'nan'"),
        (PACE, "-0.1", "pace must be a number between 0 and 10, not '-0.1'"),
        (COUNT, "0", "count must be a whole number between 1 and 10,000,000, not '0'"),
        (COUNT, "1.5", "count must be a whole number between 1 and 10,000,000, not '1.5'"),
        (AT_LEAST, "1", "size must be a whole number, at least 2, not '1'"),
        (AT_LEAST, "9" * 30, f"size must be a whole number, at least 2, not '{'9' * 30}'"),
        (AT_MOST, "5", "size must be a whole number, at most 4, not '5'"),
        (NAME, "a\0b", r"name must be a text, not 'a\x00b'"),
        (COLOUR, "green", "colour must be one of red, blue, not 'green'"),
        (PORT, "65536", "port must be a port from 0 to 65535 (0 is any free one), not '65536'"),
        (PORT, "http", "port must be a port from 0 to 65535 (0 is any free one), not 'http'"),
    ],
)
def test_a_bad_value_raises_a_sentence(parameter: Parameter, text: str, sentence: str) -> None:
    with pytest.raises(BadValue) as caught:
        parameter.parse(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("parameter", [PACE, COUNT, AT_LEAST, NAME, COLOUR, PORT, URLS])
@given(text=st.text())
def test_any_text_is_a_value_or_raises_a_sentence(parameter: Parameter, text: str) -> None:
    try:
        value = parameter.parse(text)
    except BadValue:
        return
    assert parameter.takes(value)


@given(value=st.floats(0, 10))
def test_a_number_survives_the_command_line(value: float) -> None:
    assert PACE.parse(PACE.argument(value)) == value


def program(*parameters: Parameter) -> Program:
    return Program("p", Path("/p.py"), "P", parameters=parameters)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ()),
        ({"pace": 1.0, "name": "Lyon"}, ()),
        ({"pace": 2.0}, ("--pace", "2.0")),
        ({"name": "Ada", "pace": 0.5}, ("--pace", "0.5", "--name", "Ada")),
        ({"name": "-v"}, ("--name=-v",)),
        ({"urls": ("a", "b")}, ("--urls", "a,b")),
    ],
)
def test_the_command_line_holds_what_differs(
    values: dict[str, Value], words: tuple[str, ...]
) -> None:
    assert program(PACE, NAME, URLS).command_line(values) == words


def test_a_port_is_always_on_the_command_line() -> None:
    assert program(PORT).command_line({}) == ("--port", "0")
    assert program(PORT).command_line({"port": 4123}) == ("--port", "4123")


def test_an_unknown_parameter_raises_a_sentence_with_a_guess() -> None:
    sentence = "the program p has no parameter 'paec': did you mean 'pace'?"
    with pytest.raises(NoSuchParameter) as caught:
        program(PACE).command_line({"paec": 1.0})
    assert str(caught.value) == sentence
