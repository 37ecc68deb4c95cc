"""The table of keys holds what it promises."""

from __future__ import annotations

from textual.dom import DOMNode

from coroplay.tui import bindings
from coroplay.tui.app import Playground
from coroplay.tui.bindings import EVERYWHERE, KEYS, as_markdown, groups
from coroplay.tui.lessons.listing import LessonList
from coroplay.tui.lessons.parameters import WhichProgram
from coroplay.tui.output.input_line import InputLine
from coroplay.tui.output.view import OutputView
from coroplay.tui.screen import MainScreen
from coroplay.tui.stepping.step_through import StepThrough
from coroplay.tui.timeline.timeline import Timeline

OWNERS: dict[str, type[DOMNode]] = {
    **dict.fromkeys(EVERYWHERE, MainScreen),
    bindings.LESSONS: LessonList,
    bindings.PARAMETERS: WhichProgram,
    bindings.OUTPUT: OutputView,
    bindings.INPUT: InputLine,
    bindings.STEPPING: StepThrough,
    bindings.TIMELINE: Timeline,
}


def test_every_key_does_something_that_exists() -> None:
    for key in KEYS:
        owner = Playground if key.action.startswith("app.") else OWNERS[key.group]
        name = key.action.removeprefix("app.").partition("(")[0]
        assert callable(getattr(owner, f"action_{name}", None)), key


def test_every_key_is_bound_where_the_table_says() -> None:
    for key in KEYS:
        bound = OWNERS[key.group]._merge_bindings()
        for one in key.keys.split(","):
            assert key.id in [binding.id for binding in bound.key_to_bindings[one]], key


def test_our_own_widgets_have_no_key_that_is_not_in_the_table() -> None:
    ids = {key.id for key in KEYS}
    for owner in OWNERS.values():
        own = owner.__dict__.get("BINDINGS", [])
        assert [binding for binding in own if binding.id not in ids] == []


def test_ids_and_keys_are_unique() -> None:
    ids = [key.id for key in KEYS]
    assert len(set(ids)) == len(ids)
    everywhere = [key for key in KEYS if key.group in EVERYWHERE]
    panes = [keys for name, keys in groups() if name not in EVERYWHERE]
    for held in (everywhere, *panes):
        pressed = [one for key in held for one in key.keys.split(",")]
        assert len(set(pressed)) == len(pressed)


def test_tooltips_are_sentences() -> None:
    for key in KEYS:
        assert key.tooltip[0].isupper()
        assert key.tooltip.endswith(".")


def test_the_table_for_the_readme_has_every_key() -> None:
    table = as_markdown()
    assert all(f"| `{key.shown}` | {key.tooltip} |" in table for key in KEYS)
