"""A wait in words, and the time that is left of it."""

from __future__ import annotations

import re
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import CoroutineState
from coroplay.trace.view.words.limits import SCREEN, Limits
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import fill_text

_SLEEP: Final = re.compile(r"(?:\w+\.)*sleep\((\d+(?:\.\d*)?(?:e[+-]?\d+)?)\)")
_KINDS: Final = (
    (re.compile(r"join of (.+)"), ENGLISH.wait_for_end),
    (re.compile(r"get of (.+)"), ENGLISH.wait_for_result),
    (re.compile(r"wait for (.+)"), ENGLISH.wait_for),
    (re.compile(r"(a result that .+)"), ENGLISH.wait_for),
    (re.compile(r"((?:get from|put into) .+)"), ENGLISH.wait_to),
    (re.compile(r"acquire of (.+)"), ENGLISH.wait_to_acquire),
    (re.compile(r"((?:accept|connect|recv|send)\w* on .+)"), ENGLISH.wait_in),
)
"""The probe's words for a wait, and the phrase for each kind of them."""


def describe_wait(text: str | None, limits: Limits = SCREEN) -> str:
    """Return the words after "waits": "on gevent.sleep(2)"; "" where it isn't known."""
    if not text:
        return ""
    for pattern, phrase in _KINDS:
        if match := pattern.fullmatch(text):
            return clean(fill_text(phrase, what=match[1]), limits.value)
    return fill_text(ENGLISH.wait_on, what=clean(text, limits.value))


def is_sleep(text: str | None) -> bool:
    """Return whether a wait is a sleep of so many seconds."""
    return bool(text and _SLEEP.fullmatch(text))


def left_ns(state: CoroutineState, t_ns: int) -> int | None:
    """Return the nanoseconds that are left of a sleep at that time; None if it isn't a sleep."""
    match = _SLEEP.fullmatch(state.waiting_on or "")
    if not match:
        return None
    return max(0, state.since_ns + int(float(match[1]) * 1e9) - t_ns)


def describe_seconds(ns: int) -> str:
    """Return a length of time in words: "2.0 s", "35 ms"."""
    if ns >= 99_950_000:
        return f"{ns / 1e9:.1f} s"
    return f"{ns / 1e6:.0f} ms"
