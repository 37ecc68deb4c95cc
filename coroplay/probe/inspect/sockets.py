"""Waits inside gevent's sockets: the operation, and the address at the other end."""

from __future__ import annotations

from types import FrameType
from typing import Any, Final

from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.things import dict_of_class, from_module, stored
from coroplay.probe.inspect.values import short

_VERBS: Final = ("recv", "recv_into", "recvfrom", "accept", "connect", "send", "sendall")


def socket_wait(top: FrameType, frame: FrameType) -> tuple[str, str] | None:
    """Return operation and address, if one of gevent's socket methods is under way.

    The address is empty where it isn't known.
    """
    at: FrameType | None = top
    verb, held = "", None
    while at is not None and at is not frame:
        code = at.f_code
        if code.co_name in _VERBS and "gevent" in code.co_filename:
            verb, held = code.co_name, variables(at)
        at = at.f_back
    if held is None:
        return None
    if verb == "connect":
        return verb, _show(held.get("address"))
    return verb, _show(_address(held.get("self"), verb))


def _address(socket: Any, verb: str) -> Any:
    plain, kind = stored(socket, "_sock"), from_module("_socket", "socket")
    if kind is None or not issubclass(type(plain), kind):
        return None
    ask = dict_of_class(kind)["getsockname" if verb == "accept" else "getpeername"]
    try:
        return ask(plain)
    except OSError as error:
        if is_from_within(error):
            raise
        return None


def _show(address: Any) -> str:
    if type(address) is tuple and len(address) >= 2:
        host, port = address[:2]
        if type(host) is str and type(port) is int:
            return f"{host}:{port}"
    return short(address) if address else ""
