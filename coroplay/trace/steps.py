"""Steps as frozen data, made of their rows."""

from __future__ import annotations

from typing import Final

from coroplay.trace import layout
from coroplay.trace.layout import Verb, Way
from coroplay.trace.model import (
    Finish,
    How,
    Line,
    Output,
    OutputStream,
    Spawn,
    Step,
    Switch,
    ValueWay,
)
from coroplay.trace.reader import ENDINGS, Reader

_WAYS: Final[dict[int, ValueWay]] = {
    Way.CLOSE: ValueWay.CLOSE,
    Way.NOWHERE: ValueWay.NOWHERE,
}
_STREAMS: Final = {Verb.STDOUT: OutputStream.STDOUT, Verb.STDERR: OutputStream.STDERR}


def read_step(reader: Reader, index: int) -> Step:
    """Read the step of that number. Raises RecordingError."""
    coroutine, reference, stamp = reader.steps[index]
    verb = reader.verb_in(stamp, index)
    t_ns = stamp & layout.TIME_MASK
    first, location, text, last = reader.detail(reference)
    place = reader.place(location)
    match verb:
        case Verb.LINE:
            return Line(index, t_ns, coroutine, place, reader.changes(text))
        case Verb.SPAWN:
            return Spawn(index, t_ns, coroutine, place, first or None)
        case Verb.STDOUT | Verb.STDERR:
            data = reader.texts.data(text)
            return Output(index, t_ns, coroutine, place, _STREAMS[verb], data)
        case _ if verb in ENDINGS:
            shown, failed = reader.text(text), verb in layout.FAILURES
            value, exception = (None, shown) if failed else (shown, None)
            return Finish(
                *(index, t_ns, coroutine, place, ENDINGS[verb], value, exception, bool(last)),
                way=_WAYS.get(first, ValueWay.USUAL),
            )
        case Verb.WAIT:
            wait = reader.wait(last)
            return Switch(index, t_ns, coroutine, place, first, How.WAIT, None, wait)
        case Verb.THROW | Verb.KILL if last & layout.TIMEOUT_UP:
            how, value = How(verb.name.lower()), reader.text(text)
            timeout = reader.beginning(last >> 1)
            return Switch(index, t_ns, coroutine, place, first, how, value, timeout=timeout)
        case _:
            return Switch(
                *(index, t_ns, coroutine, place, first, How(verb.name.lower())),
                reader.text(text),
                unseen=bool(last & layout.VALUE_UNSEEN),
                asked=(last & ~layout.BY_THROW) >> 1 or None,
                by_throw=bool(last & layout.BY_THROW),
            )
