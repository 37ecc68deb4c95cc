"""The table of keys holds what it promises."""

from __future__ import annotations

from coroplay.tui.app import Playground
from coroplay.tui.bindings import KEYS, as_markdown
from coroplay.tui.screen import MainScreen


def test_every_key_does_something_that_exists() -> None:
    for key in KEYS:
        owner: type = Playground if key.action.startswith("app.") else MainScreen
        name = key.action.removeprefix("app.").partition("(")[0]
        assert hasattr(owner, f"action_{name}"), key


def test_ids_and_keys_are_unique() -> None:
    ids = [key.id for key in KEYS]
    pressed = [one for key in KEYS for one in key.keys.split(",")]
    assert len(set(ids)) == len(ids)
    assert len(set(pressed)) == len(pressed)


def test_tooltips_are_sentences() -> None:
    for key in KEYS:
        assert key.tooltip[0].isupper()
        assert key.tooltip.endswith(".")


def test_the_table_for_the_readme_has_every_key() -> None:
    table = as_markdown()
    assert all(f"| `{key.shown}` | {key.tooltip} |" in table for key in KEYS)
