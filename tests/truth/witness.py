"""The independent witness: runs a program unwatched, and writes down what hooks of its own see.

`python witness.py PROGRAM LOG` knows nothing of coroplay, and runs in the child alone. Each line of
the log is a JSON list: what happened, the stack of those who run (the greenlet first, then the
generators in it, by the names of their functions), the line, and what else is known.

The hook is set as C does it: Python's own `sys.settrace` keeps, up to 3.12, all variables of a
frame alive until the next event, and so changes when something is dropped.
"""

from __future__ import annotations

import ctypes
import dis
import gc
import io
import json
import os
import sys
import weakref
from collections.abc import Iterator
from types import CodeType, FrameType, GeneratorType
from typing import Any

import greenlet

GENERATOR = 0x20
NEW_LOCALS = 0x02
"""The flags of a generator's code and of a function's."""
names: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
log: list[list[Any]] = []
raised: dict[int, str] = {}
"""The last exception that each frame, by its id, has seen."""
just_raised: set[int] = set()
"""Frames that have seen one and gone on with nothing else since."""
EVENTS = ("call", "exception", "line", "return")


def stack_of(frame: FrameType | None) -> list[str]:
    """The names of those who run in this greenlet, the innermost last."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename == program and frame.f_code.co_flags & GENERATOR:
            found.append(called(frame.f_code))
        frame = frame.f_back
    return [name_of(greenlet.getcurrent()), *found[::-1]]


def called(code: CodeType) -> str:
    """The name of a function; that of a generator expression has its line."""
    return code.co_name + (f":{code.co_firstlineno}" if code.co_name == "<genexpr>" else "")


def name_of(one: Any) -> str:
    """A greenlet's name: that of its function, which it has until it starts."""
    if one not in names:
        if one.parent is None:
            names[one] = "main"
        elif type(one).__name__ == "Hub":
            names[one] = "hub"
        else:
            run = getattr(one, "_run", None) or getattr(one, "run", None)
            names[one] = getattr(run, "__name__", "?")
    return names[one]


class Named(greenlet.greenlet):  # type: ignore[misc]
    """A greenlet whose name is known before it starts."""

    def __init__(self, run: Any = None, parent: Any = None) -> None:
        super().__init__(run, parent)
        names[self] = run.__name__
        log.append(["made", stack_of(sys._getframe(1)), run.__name__, name_of(self.parent)])


def trace(frame: FrameType, what: int, pointer: int | None) -> int:
    """Write down what happens in the program's own code; a return without a value is a failure.

    gevent runs code that it makes itself, with the names of the program's, to raise an exception
    again in another greenlet.
    """
    if id(frame.f_code) in own_codes and what < len(EVENTS):
        value = ctypes.cast(pointer, ctypes.py_object).value if pointer else None
        log.append(
            [
                EVENTS[what],
                stack_of(frame),
                frame.f_lineno,
                seen_in(frame, what, value, not pointer),
            ]
        )
    return 0


def seen_in(frame: FrameType, what: int, value: Any, empty: bool) -> dict[str, Any]:
    """What is known of a frame at an event: whose it is, what it got, how it is left."""
    code, key = frame.f_code, id(frame)
    seen: dict[str, Any] = {"own": called(code), "generator": bool(code.co_flags & GENERATOR)}
    if code.co_flags & NEW_LOCALS:
        seen |= {name: repr(frame.f_locals[name]) for name in "rxk" if name in frame.f_locals}
        if isinstance(frame.f_locals, dict):
            frame.f_locals.clear()  # a copy, which would keep alive what it holds
    if EVENTS[what] == "exception":
        raised[key] = seen["error"] = shown(value[1])
        just_raised.add(key)
    elif EVENTS[what] == "return":
        seen["how"] = "raise" if empty else how_left(frame, value)
        seen["value"] = raised.get(key) if seen["how"] == "raise" else repr(value)
    elif EVENTS[what] == "call":
        seen["resumed"] = seen["generator"] and is_resumed(code, frame.f_lasti)
    if EVENTS[what] != "exception":
        just_raised.discard(key)
    return seen


def shown(error: BaseException) -> str:
    """An exception as text; gevent's own have addresses in theirs."""
    kind = type(error)
    return f"{kind.__name__}()" if kind.__module__.startswith("gevent") else repr(error)


def is_resumed(code: CodeType, lasti: int) -> bool:
    """Tell whether a frame at that instruction has been suspended before."""
    instructions = dis.get_instructions(code)
    next(one for one in instructions if one.opname == "RETURN_GENERATOR")
    return lasti > next(one.offset for one in instructions if one.opname == "RESUME")


def how_left(frame: FrameType, value: Any) -> str:
    """Tell a yield, a return and an exception apart, which the interpreter calls alike."""
    here = dis.opname[frame.f_code.co_code[frame.f_lasti]]
    if here in ("RETURN_VALUE", "RETURN_CONST"):
        return "return"
    if value is None and id(frame) in just_raised:
        return "raise"
    return "yield" if "YIELD_VALUE" in here or here == "RESUME" else "raise"


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """All code of a program: its own, its functions', theirs."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from codes_in(one)


def on_switch(event: str, args: tuple[Any, Any]) -> None:
    """Write a switch between two greenlets down."""
    log.append([event, name_of(args[0]), name_of(args[1])])


class Tee(io.TextIOWrapper):
    """Standard output, of which each whole line is written down with who wrote it."""

    pending = ""

    def write(self, text: str) -> int:
        self.pending += text
        *lines, self.pending = self.pending.split("\n")
        log.extend(["print", stack_of(sys._getframe(1)), line] for line in lines)
        return super().write(text)


program, written = sys.argv[1:]
with open(program, "rb") as file:  # noqa: PTH123
    source = file.read()
compiled = compile(source, program, "exec")
own_codes = {id(code) for code in codes_in(compiled)}
if b"gevent" in source:
    import gevent.hub  # makes classes of its own from greenlet's  # noqa: F401
greenlet.greenlet = Named
sys.stdout = Tee(os.fdopen(1, "wb", closefd=False), encoding="utf-8", write_through=True)
sys.argv = [program]
greenlet.settrace(on_switch)
hook = ctypes.PYFUNCTYPE(ctypes.c_int, *[ctypes.py_object] * 2, ctypes.c_int, ctypes.c_void_p)(
    lambda _, frame, what, value: trace(frame, what, value)
)
ctypes.pythonapi.PyEval_SetTrace(hook, ctypes.py_object(None))
try:
    exec(compiled, {"__name__": "__main__", "__file__": program})
finally:
    ctypes.pythonapi.PyEval_SetTrace(None, None)
    greenlet.settrace(None)
    found = [one for one in gc.get_objects() if isinstance(one, GeneratorType)]
    log.append(["alive", [called(one.gi_code) for one in found]])
    with open(written, "w", encoding="utf-8") as out:  # noqa: PTH123
        out.writelines(json.dumps(event) + "\n" for event in log)
