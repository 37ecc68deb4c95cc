"""Links of gevent's objects are looked at as far as they are few."""

from __future__ import annotations

import gc
from typing import Any

import gevent
import pytest
from gevent.event import Event

from coroplay.probe.inspect.links import is_linked
from coroplay.probe.inspect.wait_memory import Wait, refer
from coroplay.trace.layout import WaitKind

_MANY = 1000


def linked_to(*waiting: Any) -> Event:
    event = Event()
    for one in waiting:
        event.rawlink(one.switch)
    return event


def test_a_link_among_few_is_found() -> None:
    first, second, other = (gevent.Greenlet(int) for _ in range(3))
    event = linked_to(first, second)
    assert is_linked(event, first)
    assert is_linked(event, second)
    assert is_linked(event, other) is False


def test_of_many_links_it_is_not_known_whose_they_are() -> None:
    waiting = [gevent.Greenlet(int) for _ in range(_MANY)]
    event = linked_to(*waiting)
    assert is_linked(event, waiting[0]) is None
    assert is_linked(event, gevent.Greenlet(int)) is None


def test_many_links_are_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    referents = gc.get_referents

    def count(*things: Any) -> list[Any]:
        asked.append(things)
        return referents(*things)

    event = linked_to(*(gevent.Greenlet(int) for _ in range(_MANY)))
    monkeypatch.setattr(gc, "get_referents", count)
    is_linked(event, gevent.Greenlet(int))
    assert len(asked) == 1


def wait_for(*things: Any) -> Wait:
    members = tuple((0, str(n)) for n, _ in enumerate(things))
    return Wait(WaitKind.ANY, members, things=tuple(refer(one) for one in things))


def test_what_a_call_waits_for_alone_has_not_been_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, ready = gevent.Greenlet(int), Event()
    event = linked_to(waiting)
    assert wait_for(event, ready).under_way(waiting).members == ((0, "0"),)
    monkeypatch.setattr(gc, "get_referents", None)
    alone = wait_for(event)
    assert alone.under_way(waiting) is alone
