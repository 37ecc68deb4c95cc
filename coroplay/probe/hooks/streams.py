"""Standard streams that report everything written to them, and change nothing else.

Both layers that a program may write to are replaced by subclasses: the text layer, which ``print``
uses, and the buffer of bytes below. Buffering stays exactly as it was, so the bytes leave the
process at the same moments. Bytes that bypass the streams (by ``os.write``, a C library, another
process) pass unseen.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from coroplay.probe.base.guard import Fault
from coroplay.probe.base.hidden import Noted, write_method
from coroplay.probe.hooks.encoding import Shadow, is_plain
from coroplay.probe.hooks.turns import turns
from coroplay.trace.layout import Verb

Report = Callable[[int, bytes], None]

_LARGEST_BUFFER: Final = 8 << 20
"""Size in bytes of the largest buffer that the blocks of a file may lead to."""

# Looked up once, for it is called for every piece that is printed.
_encode: Final = str.encode


class _Layer:
    """The common base of all layers, with what holds for a stream that the program makes of one."""

    _report: Callable[[bytes], None] | None = None
    _fault: Fault

    def _report_bytes(self, data: bytes) -> None:
        """Report bytes that were written, and guard the stream against faults of the report."""
        if self._report is None:
            return
        try:
            self._report(data)
        except RecursionError:
            pass  # The program is at its limit, which is its own business: the step is lost.
        except BaseException as error:
            if self._fault(error):
                raise


class _Bytes(_Layer):
    """The common base of both byte layers."""

    _announced: bytearray | None = None
    """Bytes that the text layer has reported already, and will hand down later."""

    def _report_unannounced(self, data: bytes) -> None:
        """Report bytes that were written, unless the text layer has reported them."""
        announced = self._announced
        # Threads that write lines at once may come here in another order than they announced them.
        at = announced.find(data) if announced else -1
        if announced and at >= 0:
            del announced[at : at + len(data)]
        else:
            self._report_bytes(data)


def _note_bytes(layer: Any, data: Any) -> Noted:
    """Return the bytes of what is about to be written to a layer of ours."""
    try:
        if layer._report is None:
            return None
        # Not by `bytes`, which asks an object of the program's how to make them.
        noted = data if type(data) is bytes else memoryview(data).tobytes()
        turns.begin()
    except (AttributeError, TypeError, ValueError, BufferError):
        # Not a layer of ours; or the stream itself raises an error about the data.
        return None
    return noted, None


def _bytes_written(layer: _Bytes, noted: tuple[bytes, None], written: int | None) -> None:
    try:
        if written is not None:
            layer._report_unannounced(noted[0][:written])
    finally:
        turns.end()


class _Buffered(_Bytes, io.BufferedWriter):
    """The byte layer of a program that runs buffered."""

    write = write_method(_note_bytes, io.BufferedWriter.write, _bytes_written)

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


class _Unbuffered(_Bytes, io.FileIO):
    """The byte layer of a program that runs unbuffered, which may write less than it is given."""

    write = write_method(_note_bytes, io.FileIO.write, _bytes_written)

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


def _note_text(stream: Any, text: Any) -> Noted:
    """Return the bytes of a text about to be written to a stream of ours, and who hears of them."""
    try:
        if stream._report is None:
            return None
        if stream._shadow is None:
            data = _encode(text, stream._encoding, stream._strictness)
        else:
            data = stream._shadow.encode(text)
        announced = None if stream._below is None else stream._below._announced
        turns.begin()
    except (AttributeError, TypeError, UnicodeError):
        # Not a stream of ours; or it raises an error about the text itself; or the interpreter
        # has emptied this module at its end.
        return None
    return data, announced


def _text_written(
    stream: _Text, noted: tuple[bytes, bytearray | None], written: int | None
) -> None:
    data, announced = noted
    try:
        if written is not None:
            stream._report_bytes(data)
        elif announced is not None and announced.endswith(data):
            # It was not written. What the layer below gets of it nevertheless is reported there.
            del announced[len(announced) - len(data) :]
    finally:
        turns.end()


class _Text(_Layer, io.TextIOWrapper):
    """The text layer."""

    _below: _Bytes | None = None
    _newline: str | None = "\n"
    _encoding = "utf-8"
    _strictness = "strict"
    _shadow: Shadow | None = None
    """The encoder for encodings that are not plain, or for translated newlines."""
    write = write_method(_note_text, io.TextIOWrapper.write, _text_written)

    def reconfigure(self, **settings: Any) -> None:
        super().reconfigure(**settings)
        self._newline = settings.get("newline", self._newline)
        if settings.get("encoding") or settings.get("errors") or "newline" in settings:
            self._settle()

    def _settle(self) -> None:
        """Choose the way in which texts are encoded from here on."""
        self._encoding, self._strictness = self.encoding, self.errors or "strict"
        plain = is_plain(self.encoding, self._newline)
        self._shadow = None if plain else Shadow(self, self._newline)

    def __repr__(self) -> str:
        return _plain_repr(super().__repr__())


def _plain_repr(shown: str) -> str:
    # Some versions of Python show the module of built-in types only.
    return shown if shown.startswith("<_io.") else f"<_io.{shown[1:]}"


# The names of types are what a program sees of them: they stay the same.
_NAMES: dict[Any, str] = {
    _Buffered: "BufferedWriter",
    _Unbuffered: "FileIO",
    _Text: "TextIOWrapper",
}
for _kind, _name in _NAMES.items():
    _kind.__name__ = _kind.__qualname__ = _name
    _kind.__module__ = "_io"


def install(report: Report, fault: Fault, line_buffered: bool) -> Callable[[], None]:
    """Replace standard output and error by streams that report; return a function to stop that.

    An exception that `report` raises is given to `fault`.
    """
    out = _replace("stdout", partial(report, int(Verb.STDOUT)), fault, line_buffered)
    error = _replace("stderr", partial(report, int(Verb.STDERR)), fault, line_buffered)

    def uninstall() -> None:
        out()
        error()

    return uninstall


def _replace(
    name: str, report: Callable[[bytes], None], fault: Fault, line_buffered: bool
) -> Callable[[], None]:
    old = getattr(sys, name)
    if type(old) is not io.TextIOWrapper:
        return _nothing
    text = _wrap(old, line_buffered)
    layers: tuple[_Layer, ...] = (text,) if text._below is None else (text, text._below)
    for layer in layers:
        layer._report, layer._fault = report, fault
    setattr(sys, name, text)
    setattr(sys, f"__{name}__", text)

    def uninstall() -> None:
        # The hooks must not hold the streams any more: these write their rest when they are freed.
        for layer in layers:
            layer._report = None

    return uninstall


def _wrap(old: io.TextIOWrapper, line_buffered: bool) -> _Text:
    """Make both layers anew, around the same open file and with the same settings."""
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
    text._below = below if isinstance(below, _Bytes) else None
    text._settle()
    return text


def _wrap_bytes(buffer: Any) -> Any:
    """Make the byte layer anew; return one of another kind as it is."""
    below: Any
    if type(buffer) is io.BufferedWriter:
        raw = buffer.detach()
        below = _Buffered(raw, _buffer_size(getattr(raw, "_blksize", 0)))
    elif type(buffer) is io.FileIO:
        below = _Unbuffered(buffer.fileno(), buffer.mode, closefd=buffer.closefd)
        below.name = buffer.name
    else:
        return buffer
    below._announced = bytearray()
    return below


def _buffer_size(block_size: int) -> int:
    """Return the size of the buffer that the interpreter gives a file: see `open`."""
    if sys.version_info >= (3, 14):
        return max(min(block_size, _LARGEST_BUFFER), io.DEFAULT_BUFFER_SIZE)
    return block_size or io.DEFAULT_BUFFER_SIZE


def _nothing() -> None:
    pass
