"""A fingerprint tells that a value would be shown as before, and never wrongly."""

from __future__ import annotations

import copy
import gc
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.probe.inspect.fingerprints import NO_FINGERPRINT, fingerprint, matches
from coroplay.probe.inspect.values import short

PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300) | st.binary()
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=12)
        | st.lists(inner, max_size=12).map(tuple)
        | st.dictionaries(st.integers() | st.text(), inner, max_size=12)
        | st.frozensets(st.integers(), max_size=12)
        | st.sets(st.text(), max_size=12)
    ),
    max_leaves=30,
)


def nobody(_thing: object) -> None:
    """No object is a coroutine."""


@given(VALUES)
def test_a_value_matches_when_nothing_happened(value: Any) -> None:
    taken = fingerprint(value, nobody)
    assert taken is not NO_FINGERPRINT
    assert matches(taken, value)


@given(VALUES, VALUES)
def test_a_value_that_matches_is_shown_as_before(value: Any, other: Any) -> None:
    if matches(fingerprint(value, nobody), other):
        assert short(value) == short(other)


@given(st.lists(VALUES, max_size=10), st.data())
def test_a_list_with_a_change_that_shows_does_not_match(
    value: list[Any], data: st.DataObject
) -> None:
    taken, shown = fingerprint(value, nobody), short(value)
    match data.draw(st.sampled_from(["append", "replace", "pop", "within"])):
        case "append":
            value.append(data.draw(VALUES))
        case "replace" if value:
            value[data.draw(st.integers(0, len(value) - 1))] = data.draw(VALUES)
        case "pop" if value:
            value.pop(data.draw(st.integers(0, len(value) - 1)))
        case "within":
            for inner in value:
                if type(inner) is list:
                    inner.append("more")
    if short(value) != shown:
        assert not matches(taken, value)


@given(st.dictionaries(st.integers(), VALUES, min_size=1, max_size=10), VALUES)
def test_a_dict_with_a_change_that_shows_does_not_match(value: dict[int, Any], other: Any) -> None:
    changed = copy.copy(value)
    changed[next(iter(changed))] = other
    if short(changed) != short(value):
        assert not matches(fingerprint(value, nobody), changed)


class Thing:
    """An object of the program."""


def test_a_fingerprint_keeps_no_object_of_the_program() -> None:
    thing = Thing()
    gone = weakref.ref(thing)
    taken = [
        fingerprint(value, nobody) for value in (thing, [thing], {"k": (thing,)}, {1: {2: thing}})
    ]
    del thing
    gc.collect()
    assert gone() is None
    assert NO_FINGERPRINT not in taken


def test_another_object_of_the_same_type_has_the_same_fingerprint() -> None:
    assert matches(fingerprint(Thing(), nobody), Thing())
    assert not matches(fingerprint(Thing(), nobody), object())


def test_a_type_that_is_renamed_has_another_fingerprint() -> None:
    kind = type("Before", (), {})
    taken = fingerprint([kind()], nobody)
    assert matches(taken, [kind()])
    kind.__name__ = "After"
    assert not matches(taken, [kind()])


@pytest.mark.parametrize("value", [ValueError("no"), [ValueError("no")], int, len, (lambda: 1,)])
def test_a_value_that_shows_more_than_its_type_has_no_fingerprint(value: object) -> None:
    assert fingerprint(value, nobody) is NO_FINGERPRINT
