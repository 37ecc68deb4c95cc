"""Locations in the source, written once each: lines about to run, and calls under way."""

from __future__ import annotations

import re
from types import CodeType, FrameType
from typing import Final

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.files.tables import RowFile
from coroplay.probe.files.texts import TextFile
from coroplay.probe.inspect.pieces import source_text

_MOST_KNOWN: Final = 1 << 16
_LONGEST_SOURCE: Final = 80
_SPACE: Final = re.compile(r"\s+")


class Locations:
    """Finds the reference of a location, from memory where it was asked for before."""

    def __init__(self, rows: RowFile, texts: TextFile) -> None:
        self._rows = rows
        self._texts = texts
        self._files: dict[str, int] = {}
        self._known = CodeMemory[dict[int, int]](dict)
        """By the offset of an instruction, or by a line with its sign changed."""

    def line(self, code: CodeType, line: int) -> int:
        """Return the location of a line that is about to run."""
        known = self._known.of(code)
        return known.get(-line) or self._write(known, -line, code, line, "")

    def is_line(self, location: int, code: CodeType, line: int) -> bool:
        """Tell whether a location is that line."""
        return self._known.of(code).get(-line) == location

    def call(self, frame: FrameType) -> int:
        """Return the location of the call (or yield) that a frame has under way."""
        known = self._known.of(frame.f_code)
        return known.get(frame.f_lasti) or self._write_call(known, frame)

    def _write_call(self, known: dict[int, int], frame: FrameType) -> int:
        source = _on_one_line(source_text(frame.f_code, frame.f_lasti))
        return self._write(known, frame.f_lasti, frame.f_code, frame.f_lineno or 0, source)

    def _write(
        self, known: dict[int, int], key: int, code: CodeType, line: int, source: str
    ) -> int:
        row = self._rows.append(
            self._name(code.co_filename),
            self._name(code.co_qualname),
            line,
            self._texts.add(source.encode("utf-8", "replace")) if source else 0,
        )
        known[key] = row
        return row

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
