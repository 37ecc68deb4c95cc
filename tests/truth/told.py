"""A recording as facts."""

from __future__ import annotations

from coroplay.trace import Coroutine, CoroutineKind, Finish, Line, Output, Recording, Spawn, Switch
from coroplay.trace.model import How
from tests.truth.facts import EXPRESSION, Ended, Fact, Facts, Moved, Printed, Ran, Way

_WAYS = {
    How.START: Way.START,
    How.NEXT: Way.RESUME,
    How.SEND: Way.RESUME,
    How.SWITCH: Way.RESUME,
    How.YIELD: Way.YIELD,
    How.THROW: Way.THROW,
    How.KILL: Way.THROW,
    How.RETURN: Way.RETURN,
    How.CLOSE: Way.CLOSE,
    How.WAIT: Way.RESUME,
    How.WAKE: Way.RESUME,
}


def read_recording(recording: Recording, script: str) -> Facts:
    """Turn a recording into facts; a coroutine is named after its function."""
    names = {one.id: _name(one) for one in recording.coroutines}
    order: list[Fact] = []
    for step in recording:
        match step:
            case Switch():
                way = _WAYS.get(step.how, Way.RESUME)
                value = "None" if step.how is How.NEXT else step.value
                line = step.place.line if step.place else 0
                order.append(Moved(names[step.origin], names[step.target], way, value, line=line))
            case Line() if step.place and step.place.file == script:
                order.append(Ran(names[step.coroutine], step.place.line))
            case Output():
                order += [
                    Printed(names[step.coroutine], text) for text in step.text.splitlines()
                ]
            case Finish():
                order.append(_ended(step, names[step.coroutine]))
            case _:
                pass
    creators: dict[str, tuple[str | None, int | None]] = {}
    parents: dict[str, str | None] = {}
    for one in recording.coroutines:
        creator = getattr(one, "creator", one.parent)
        line = one.created.line if one.created and one.created.file == script else None
        creators[names[one.id]] = (names.get(creator), line)
        if one.kind in (CoroutineKind.GREENLET, CoroutineKind.GEVENT):
            parents[names[one.id]] = names.get(one.parent)
    return Facts(order, creators, parents)


def _name(one: Coroutine) -> str:
    """The name of a coroutine's function, without its arguments; an expression's has its line."""
    name = one.name.partition("(")[0]
    return f"{name}:{one.created.line}" if name == EXPRESSION and one.created else name


def _ended(step: Finish, who: str) -> Ended:
    if step.exception is not None:
        return Ended(who, Way.FAIL, step.exception)
    if step.value is not None:
        return Ended(who, Way.RETURN, step.value)
    return Ended(who, Way.CLOSE)
