"""The bytes that a text stream will write for a text, found without writing them."""

from __future__ import annotations

import codecs
import io
from typing import Any, Final

_PLAIN: Final = frozenset({"utf-8", "ascii", "iso8859-1"})
"""Encodings in which the bytes of a text do not depend on earlier texts."""
_UNCHANGED: Final = ("\n", "", None)
"""Newline settings under which a stream writes newlines as they are."""


def is_plain(encoding: str, newline: str | None) -> bool:
    """Return whether the bytes of a text are those that `str.encode` gives."""
    return codecs.lookup(encoding).name in _PLAIN and newline in _UNCHANGED


class Shadow:
    """Encodes texts just as a stream does, where their bytes depend on earlier texts."""

    def __init__(self, stream: io.TextIOWrapper, newline: str | None) -> None:
        self._bytes = _Paper(stream)
        self._text = io.TextIOWrapper(
            self._bytes, stream.encoding, stream.errors, newline, write_through=True
        )

    def encode(self, text: str) -> bytes:
        """Return the bytes of the stream's next text."""
        self._bytes.seek(0)
        self._bytes.truncate(0)
        self._text.write(text)
        return self._bytes.getvalue()


class _Paper(io.BytesIO):
    """A buffer at the stream's own position: some encodings write a mark at the beginning."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__()
        self._stream = stream

    def seekable(self) -> bool:
        return self._stream.seekable()

    def tell(self) -> int:
        below: Any = self._stream.buffer
        at: int = below.tell()
        return at
