"""What a coroutine waits for, in words, and how long it still has to."""

from __future__ import annotations

import re
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import CoroutineState

_LONGEST: Final = 60
_SLEEP: Final = re.compile(r"(?:\w+\.)*sleep\((\d+(?:\.\d*)?(?:e[+-]?\d+)?)\)")
_PHRASES: Final = (
    (re.compile(r"join of (.+)"), "for {} to end"),
    (re.compile(r"get of (.+)"), "for the result of {}"),
    (re.compile(r"wait for (.+)"), "for {}"),
    (re.compile(r"(a result that .+)"), "for {}"),
    (re.compile(r"((?:get from|put into) .+)"), "to {}"),
    (re.compile(r"acquire of (.+)"), "to acquire {}"),
    (re.compile(r"((?:accept|connect|recv|send)\w* on .+)"), "in {}"),
)


def waiting_for(text: str | None) -> str:
    """What follows the word `waits`: ` on gevent.sleep(2)`; nothing where it isn't known."""
    if not text:
        return ""
    for pattern, phrase in _PHRASES:
        match = pattern.fullmatch(text)
        if match:
            return " " + clean(phrase.format(match[1]), _LONGEST)
    return " on " + clean(text, _LONGEST)


def is_sleep(text: str | None) -> bool:
    """Whether that is a sleep of so many seconds."""
    return bool(text and _SLEEP.fullmatch(text))


def left_ns(state: CoroutineState, t_ns: int) -> int | None:
    """Nanoseconds of a sleep that are left at that time; None if it isn't a sleep."""
    match = _SLEEP.fullmatch(state.waiting_on or "")
    if not match:
        return None
    return max(0, state.since_ns + int(float(match[1]) * 1e9) - t_ns)


def seconds(ns: int) -> str:
    """A length of time in words: `2.0 s`, `35 ms`."""
    if ns >= 99_950_000:
        return f"{ns / 1e9:.1f} s"
    return f"{ns / 1e6:.0f} ms"
