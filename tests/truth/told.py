"""A recording as facts."""

from __future__ import annotations

from typing import Final

from coroplay.trace import Coroutine, CoroutineKind, Finish, Line, Output, Recording, Switch
from coroplay.trace.model import How, HowEnded, OutputStream, Wait
from tests.truth.facts import EXPRESSION, Ended, Fact, Facts, Moved, Printed, Ran, Way

_WAYS: Final = {
    How.RESUME: Way.RESUME,
    How.START: Way.START,
    How.NEXT: Way.RESUME,
    How.SEND: Way.RESUME,
    How.SWITCH: Way.RESUME,
    How.YIELD: Way.YIELD,
    How.THROW: Way.THROW,
    How.KILL: Way.THROW,
    How.RETURN: Way.RETURN,
    How.CLOSE: Way.CLOSE,
    How.DROPPING: Way.CLOSE,
    How.WAIT: Way.RESUME,
    How.WAKE: Way.RESUME,
}
_ENDS = {
    HowEnded.RETURNED: Way.RETURN,
    HowEnded.FAILED: Way.FAIL,
    HowEnded.IGNORED: Way.FAIL,
    HowEnded.CLOSED: Way.CLOSE,
    HowEnded.KILLED: Way.CLOSE,
    HowEnded.EXITED: Way.FAIL,
    HowEnded.QUIT: Way.FAIL,
    HowEnded.DROPPED: Way.CLOSE,
    HowEnded.UNSEEN: Way.UNSEEN,
}


def read_recording(recording: Recording, script: str) -> Facts:
    """Turn a recording into facts; a coroutine is named after its function."""
    names = {one.id: _name(one) for one in recording.coroutines}
    order: list[Fact] = []
    for step in recording:
        match step:
            case Switch():
                order.append(_moved(step, names, order[-1] if order else None))
            case Line() if step.place and step.place.file == script:
                order.append(Ran(names[step.coroutine], step.place.line))
            case Output() if step.stream is OutputStream.STDOUT:
                order += [Printed(names[step.coroutine], text) for text in step.text.splitlines()]
            case Finish():
                order.append(_ended(step, names[step.coroutine]))
            case _:
                pass
    creators: dict[str, tuple[str | None, int | None]] = {}
    parents: dict[str, str | None] = {}
    for one in recording.coroutines:
        line = one.created.line if one.created and one.created.file == script else None
        creators[names[one.id]] = (names.get(one.creator or 0), line)
        if one.kind in (CoroutineKind.GREENLET, CoroutineKind.GEVENT):
            parents[names[one.id]] = names.get(one.parent or 0)
    generators = {
        names[one.id] for one in recording.coroutines if one.kind is CoroutineKind.GENERATOR
    }
    return Facts(order, creators, parents, generators)


def _name(one: Coroutine) -> str:
    """The name of a coroutine's function, without its arguments; an expression's has its line."""
    name = one.name.partition("(")[0]
    return f"{name}:{one.created.line}" if name == EXPRESSION and one.created else name


def _ended(step: Finish, who: str) -> Ended:
    way = _ENDS[step.how]
    return Ended(who, way, step.exception or step.value)


def _moved(step: Switch, names: dict[int, str], before: Fact | None) -> Moved:
    origin, target = names[step.origin], names[step.target]
    way = _WAYS[step.how]
    if way is Way.THROW and isinstance(before, Ended) and before.who == origin:
        way = Way.FAIL
    return Moved(
        origin,
        target,
        way,
        "None" if step.how is How.NEXT else step.value,
        awaited=_awaited(step.wait, names) if step.wait else "",
        line=step.place.line if step.place else 0,
    )


def _awaited(wait: Wait, names: dict[int, str]) -> str:
    """All that is said about what is waited for: its kind, its name, who it is."""
    members = [names.get(one.coroutine or 0, one.name) for one in wait.members]
    return " ".join([wait.kind, wait.noun, *members])
