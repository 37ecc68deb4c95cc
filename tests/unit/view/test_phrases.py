"""The table of phrases: every template can be filled in, and says no more than is known."""

from __future__ import annotations

import re

import pytest

from coroplay.trace.layout import WaitKind
from coroplay.trace.model import HowEnded
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import Fragment, Role, fill, fill_text, join

PLACEHOLDERS = {
    "asked", "beginner", "begun", "changes", "count", "exception", "file", "function", "here",
    "keyword", "length", "line", "maker", "name", "noun", "number", "origin", "status", "target",
    "text", "there", "thing", "time", "unended", "unseen", "value", "wait", "what", "who",
}  # fmt: skip


TEMPLATES = [
    *(one for one in ENGLISH if isinstance(one, str)),
    *(template for phrase in ENGLISH.kinds_of_wait.values() for template in phrase),
    *(template for phrase in ENGLISH.endings.values() for template in phrase),
]


def test_every_kind_of_wait_and_every_other_ending_has_its_phrases() -> None:
    assert set(ENGLISH.kinds_of_wait) == set(WaitKind)
    assert set(ENGLISH.endings) == set(HowEnded) - {HowEnded.RETURNED}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_only_placeholders_that_the_code_knows(template: str) -> None:
    used = set(re.findall(r"\{(.*?)\}", template))
    assert used <= PLACEHOLDERS
    known = dict.fromkeys(PLACEHOLDERS, "x")
    assert not set(fill_text(template, **known)) & set("{}[]|")


@pytest.mark.parametrize(
    ("value", "said"), [("3", "f yields 3 to g."), (None, "f yields to g."), ("", "f yields to g.")]
)
def test_a_stretch_in_brackets_is_said_where_its_placeholder_is_known(
    value: str | None, said: str
) -> None:
    assert fill_text("{origin} yields[ {value}] to g.", origin="f", value=value) == said


def test_after_a_bar_stands_what_is_said_otherwise() -> None:
    assert fill_text("sends [{value}|a value].", value=None) == "sends a value."
    assert fill_text("sends [{value}|a value].", value="3") == "sends 3."


def test_values_that_look_like_templates_stay_as_they_are() -> None:
    assert fill_text("prints [{text}].", text="{who} [x|y]") == "prints {who} [x|y]."


def test_fragments_keep_their_roles() -> None:
    who = Fragment("f", Role.COROUTINE, 2)
    assert fill("{who} ends.", who=who) == [who, Fragment(" ends.")]


def test_sentences_are_joined_and_the_hub_begins_them_with_a_capital() -> None:
    hub = Fragment(ENGLISH.the_hub, Role.COROUTINE, 3)
    said = join(fill("{who} waits.", who=hub), [], fill("{who} ends.", who=hub))
    assert said.text == "The hub waits. The hub ends."
