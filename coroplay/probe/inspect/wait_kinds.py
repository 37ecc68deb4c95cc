"""The kinds of waits, by the method that is called."""

from __future__ import annotations

from typing import Final

from coroplay.trace.layout import WaitKind

BY_VERB: Final = {
    "join": WaitKind.JOIN,
    "get": WaitKind.VALUE,
    "peek": WaitKind.VALUE,
    "put": WaitKind.PUT,
    "acquire": WaitKind.LOCK,
    "wait": WaitKind.EVENT,
    "__enter__": WaitKind.ENTER,
    "__exit__": WaitKind.LEAVE,
    "__next__": WaitKind.NEXT,
    "next": WaitKind.NEXT,
}
"""Those that the source tells, whatever the object is."""

BY_THING: Final = {
    **dict.fromkeys((("queue", one) for one in ("get", "peek", "__next__")), WaitKind.ITEM),
    ("queue", "put"): WaitKind.ROOM,
    ("queue", "join"): WaitKind.TASKS,
    **dict.fromkeys((("channel", one) for one in ("get", "__next__")), WaitKind.ITEM),
    ("channel", "put"): WaitKind.PUT,
    ("event", "wait"): WaitKind.EVENT,
    ("condition", "wait"): WaitKind.EVENT,
    ("condition", "wait_for"): WaitKind.EVENT,
    ("barrier", "wait"): WaitKind.EVENT,
    **dict.fromkeys((("result", one) for one in ("get", "wait", "result")), WaitKind.RESULT),
    **{
        (noun, verb): WaitKind.LOCK
        for noun in ("lock", "semaphore", "condition")
        for verb in ("acquire", "__enter__")
    },
    ("semaphore", "wait"): WaitKind.EVENT,
    **{
        (noun, verb): WaitKind.ROOM
        for noun in ("pool", "thread pool")
        for verb in ("spawn", "start", "add", "wait_available")
    },
    **{(noun, "join"): WaitKind.ALL for noun in ("pool", "group", "thread pool")},
    **{(noun, "join"): WaitKind.END for noun in ("greenlet", "thread")},
    ("greenlet", "kill"): WaitKind.END,
    ("greenlet", "get"): WaitKind.RESULT,
    ("process", "wait"): WaitKind.END,
    ("process", "communicate"): WaitKind.END,
}
"""Those of known objects, by the noun of the object and the method."""
