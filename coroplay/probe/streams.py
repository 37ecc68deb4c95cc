"""Standard output and error that tell the recorder what is written, and change nothing else.

Both layers that a program may write to are replaced by subclasses: the text layer, as ``print``
uses it, and the buffer of bytes below. Buffering stays exactly as it was, so the bytes leave the
process at the same moments. What is written around them (``os.write``, a C library, another
process) passes unseen.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from coroplay.trace.layout import Verb

Tell = Callable[[Verb, bytes], None]


class _Layer:
    """What both kinds of byte layer do besides writing."""

    _tell: Callable[[bytes], None]
    _told: bytearray
    """What the text layer has told already and will hand down later."""

    def _wrote(self, data: bytes) -> None:
        if self._told and self._told.startswith(data):
            del self._told[: len(data)]
        else:
            self._tell(data)


class _Buffered(_Layer, io.BufferedWriter):
    """The layer of bytes."""

    def write(self, data: Any, /) -> int:
        written = super().write(data)
        self._wrote(bytes(data))
        return written

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


class _Unbuffered(_Layer, io.FileIO):
    """The layer of bytes of a program that runs unbuffered; it may write less than it is given."""

    def write(self, data: Any, /) -> int:
        written = super().write(data)
        self._wrote(bytes(data)[:written])
        return written

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


class _Text(io.TextIOWrapper):
    """The layer of text."""

    _tell: Callable[[bytes], None]
    _below: _Layer | None = None

    def write(self, text: str, /) -> int:
        data = text.encode(self.encoding, self.errors or "strict")
        if self._below is not None:
            self._below._told += data
        written = super().write(text)
        self._tell(data)
        return written

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


def _plain_repr(shown: str) -> str:
    # Some versions show the module of a built-in type only.
    return shown if shown.startswith("<_io.") else f"<_io.{shown[1:]}"


# What a program sees of a type is its name: the same as before.
_NAMES: dict[Any, str] = {
    _Buffered: "BufferedWriter",
    _Unbuffered: "FileIO",
    _Text: "TextIOWrapper",
}
for _kind, _name in _NAMES.items():
    _kind.__name__ = _kind.__qualname__ = _name
    _kind.__module__ = "_io"


def watch(tell: Tell, line_buffered: bool) -> Callable[[], None]:
    """Replace both standard streams; what is returned makes them stop telling."""
    out = _replace("stdout", Verb.STDOUT, tell, line_buffered)
    error = _replace("stderr", Verb.STDERR, tell, line_buffered)

    def stop() -> None:
        out()
        error()

    return stop


def _replace(name: str, verb: Verb, tell: Tell, line_buffered: bool) -> Callable[[], None]:
    old = getattr(sys, name)
    if type(old) is not io.TextIOWrapper:
        return _nothing
    text = _wrap(old, line_buffered)
    below = text._below

    def report(data: bytes) -> None:
        if data:
            tell(verb, data)

    text._tell = report
    if below is not None:
        below._tell = report
    setattr(sys, name, text)
    setattr(sys, f"__{name}__", text)

    def stop() -> None:
        text._tell = _ignore
        if below is not None:
            below._tell = _ignore

    return stop


def _wrap(old: io.TextIOWrapper, line_buffered: bool) -> _Text:
    """Both layers anew, around the same open file and with the same settings."""
    encoding, errors, mode = old.encoding, old.errors, old.mode
    by_line, through = old.line_buffering, old.write_through
    below = _wrap_bytes(old.detach())
    text = _Text(
        below,
        encoding=encoding,
        errors=errors,
        newline="\n",
        line_buffering=by_line or line_buffered,
        write_through=through,
    )
    text.mode = mode  # type: ignore[misc]
    text._below = below if isinstance(below, _Layer) else None
    return text


def _wrap_bytes(buffer: Any) -> Any:
    """The layer of bytes anew; one of another kind stays as it is, and unseen."""
    below: Any
    if type(buffer) is io.BufferedWriter:
        raw = buffer.detach()
        below = _Buffered(raw, getattr(raw, "_blksize", io.DEFAULT_BUFFER_SIZE))
    elif type(buffer) is io.FileIO:
        below = _Unbuffered(buffer.fileno(), buffer.mode, closefd=buffer.closefd)
        below.name = buffer.name
    else:
        return buffer
    below._told = bytearray()
    return below


def _nothing() -> None:
    pass


def _ignore(_data: bytes) -> None:
    pass
