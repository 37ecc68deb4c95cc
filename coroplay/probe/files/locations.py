"""Locations in the source, written once each: lines about to run, and calls under way."""

from __future__ import annotations

import re
from types import CodeType, FrameType
from typing import Final

from coroplay.probe.files.tables import RowFile, TextFile
from coroplay.probe.inspect.source import source_text

_MOST_KNOWN: Final = 1 << 16
_LONGEST_SOURCE: Final = 80
_SPACE: Final = re.compile(r"\s+")


class Locations:
    """Finds the reference of a location, from memory where it was asked for before."""

    def __init__(self, rows: RowFile, texts: TextFile) -> None:
        self._rows = rows
        self._texts = texts
        self._files: dict[str, int] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._codes: dict[int, CodeType] = {}

    def line(self, code: CodeType, line: int) -> int:
        """Return the location of a line that is about to run."""
        key = (id(code), -line)
        return self._known.get(key) or self._write(key, code, line, "")

    def call(self, frame: FrameType) -> int:
        """Return the location of the call (or yield) that a frame has under way."""
        key = (id(frame.f_code), frame.f_lasti)
        return self._known.get(key) or self._write_call(key, frame)

    def _write_call(self, key: tuple[int, int], frame: FrameType) -> int:
        source = _on_one_line(source_text(frame.f_code, frame.f_lasti))
        return self._write(key, frame.f_code, frame.f_lineno or 0, source)

    def _write(self, key: tuple[int, int], code: CodeType, line: int, source: str) -> int:
        row = self._rows.append(
            self._name(code.co_filename),
            self._name(code.co_qualname),
            line,
            self._texts.add(source.encode("utf-8", "replace")) if source else 0,
        )
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
            self._codes.clear()
        # While the code object is held, its id can't become another's.
        self._codes[id(code)] = code
        self._known[key] = row + 1
        return row + 1

    def _name(self, name: str) -> int:
        reference = self._files.get(name)
        if reference is None:
            if len(self._files) >= _MOST_KNOWN:
                self._files.clear()
            reference = self._texts.add(name.encode("utf-8", "surrogateescape"))
            self._files[name] = reference
        return reference


def _on_one_line(text: str) -> str:
    text = _SPACE.sub(" ", text).strip()
    return text if len(text) <= _LONGEST_SOURCE else text[:_LONGEST_SOURCE] + "…"
