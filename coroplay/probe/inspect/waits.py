"""Waits of parked coroutines in words: the call under way, and the object if it is known."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final

from coroplay.probe.base import originals
from coroplay.probe.inspect.calls import Call, Values
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.values import Namer, short

_SOCKET_VERBS: Final = ("recv", "recv_into", "recvfrom", "accept", "connect", "send", "sendall")
_MOST_JOINED: Final = 4


def waiting_for(call: Call | None, frame: FrameType, top: FrameType, name: Namer) -> str | None:
    """Return the wait of a call under way in words; None where its source text says it best.

    `frame` is the frame of the call; `top` is the innermost frame, which may be gevent's own.
    """
    socket = _socket_wait(top, frame)
    if socket is not None:
        return socket
    if call is None:
        return None
    values = Values(frame)
    if call.verb == "sleep":
        return _sleep(call, values)
    if call.verb == "joinall":
        return _joined(values.of(call.arguments[0]) if call.arguments else None, name)
    receiver = values.of(call.receiver)
    return None if receiver is None else _of_object(call.verb, receiver, name)


def _sleep(call: Call, values: Values) -> str | None:
    seconds = values.of(call.arguments[0]) if call.arguments else None
    if type(seconds) is int or type(seconds) is float:
        return f"{call.function}({seconds:g})"
    return None


def _joined(greenlets: Any, name: Namer) -> str | None:
    if type(greenlets) not in (list, tuple):
        return None
    names = [name(one) or "?" for one in greenlets[:_MOST_JOINED]]
    rest = f" and {len(greenlets) - _MOST_JOINED} more" if len(greenlets) > _MOST_JOINED else ""
    return f"join of {', '.join(names)}{rest}"


def _of_object(verb: str, thing: Any, name: Namer) -> str | None:
    if issubclass(type(thing), originals.Greenlet):
        return f"{verb} of {name(thing)}" if verb in ("join", "get") else None
    if _is_of_gevent(thing, "gevent.queue", ("Queue", "SimpleQueue")):
        if verb == "get":
            return "get from an empty queue"
        if verb == "put":
            return "put into a full queue"
        return f"{verb} of a queue"
    if _is_of_gevent(thing, "gevent.event", ("Event",)) and verb == "wait":
        return "wait for an event"
    if _is_of_gevent(thing, "gevent.event", ("AsyncResult",)) and verb in ("get", "wait"):
        return "a result that is not there yet"
    if _is_of_gevent(thing, "gevent.lock", ("Semaphore", "RLock")) and verb == "acquire":
        return "acquire of a lock that is held"
    return None


def _is_of_gevent(thing: object, module: str, names: tuple[str, ...]) -> bool:
    found = sys.modules.get(module)
    kinds = (getattr(found, name, None) for name in names)
    return any(isinstance(kind, type) and issubclass(type(thing), kind) for kind in kinds)


def _socket_wait(top: FrameType, frame: FrameType) -> str | None:
    """Return operation and address, if one of gevent's socket methods is under way."""
    at: FrameType | None = top
    verb, owner = "", None
    while at is not None and at is not frame:
        code = at.f_code
        if code.co_name in _SOCKET_VERBS and "gevent" in code.co_filename:
            verb, owner = code.co_name, variables(at).get("self")
        at = at.f_back
    if owner is None:
        return None
    address = _address(owner, verb)
    return f"{verb} on {address}" if address else verb


def _address(socket: Any, verb: str) -> str | None:
    import _socket

    try:
        plain = object.__getattribute__(socket, "_sock")
    except AttributeError:
        return None
    if not issubclass(type(plain), _socket.socket):
        return None
    ask = _socket.socket.getsockname if verb == "accept" else _socket.socket.getpeername
    try:
        address = ask(plain)
    except OSError:
        return None
    if type(address) is tuple and len(address) >= 2:
        return f"{address[0]}:{address[1]}"
    return short(address) if address else None
