"""A program's bytes as text and colours, and nothing else that a terminal might obey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.style import Style

from coroplay.sanitizing import UPSETTING, steady, visible

_OTHER_SEQUENCES: Final = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$|(?=\x1b))"
    r"|\x1b[ -/]*(?:[0-~]|$)"
)
_SEQUENCE: Final = re.compile(
    r"(?P<sgr>(?:\x1b\[|\x9b)(?P<codes>[0-9;:]*)m)|"
    + _OTHER_SEQUENCES
    + r"|(?P<control>[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb])"
)
_UNSEEN: Final = re.compile(_OTHER_SEQUENCES)
_TAB: Final = 8
_COLOURS: Final = re.compile(r"\x1b\[[0-9;:]*m")
_FLAGS: Final = {
    1: ("bold", True), 2: ("dim", True), 3: ("italic", True), 4: ("underline", True),
    7: ("reverse", True), 9: ("strike", True), 22: ("bold", None), 23: ("italic", None),
    24: ("underline", None), 27: ("reverse", None), 29: ("strike", None),
}  # fmt: skip

Piece = tuple[str, Style]


def decode(data: bytes) -> str:
    """Decode bytes; any that aren't UTF-8 become U+FFFD."""
    return data.decode("utf-8", "replace")


def pieces(data: bytes, colours: bytes = b"") -> list[Piece]:
    """Return a line's bytes as coloured text, written over itself as a terminal does."""
    text = decode(data)
    if not colours and text.isprintable():
        return [(text, Style.null())] if (text := steady(text)) else []
    return _Writer().write(decode(colours)).write(text).pieces()


def plain(data: bytes) -> str:
    """Return a line's bytes as text without colours."""
    text = _UNSEEN.sub("", decode(data)).expandtabs(_TAB)
    if not text.replace("\r", "").isprintable():
        return "".join(part for part, _ in pieces(data))
    shown = ""
    for part in text.split("\r"):
        shown = part + shown[len(part) :]
    return steady(shown)


def plain_lines(data: bytes) -> str | None:
    """Return many lines' bytes as plain text; None if they hold more than colours and tabs."""
    text = _COLOURS.sub("", decode(data)).expandtabs(_TAB)
    return steady(text) if text.replace("\n", "").isprintable() else None


class _Writer:
    """The line of a terminal, on which text is written."""

    def __init__(self) -> None:
        self._cells: list[Piece] = []
        self._at = 0
        self._codes: dict[str, object] = {}
        self._style = Style.null()

    def write(self, text: str) -> _Writer:
        done = 0
        for match in _SEQUENCE.finditer(text):
            self._put(text[done : match.start()])
            done = match.end()
            if match["sgr"]:
                self._colour(match["codes"])
            elif match["control"]:
                self._control(match["control"])
        self._put(text[done:])
        return self

    def pieces(self) -> list[Piece]:
        """Return the line as pieces, neighbours of the same style in one."""
        merged: list[Piece] = []
        run: list[str] = []
        style = Style.null()
        for char, own in self._steady():
            if own is not style and own != style:
                if run:
                    merged.append(("".join(run), style))
                run, style = [], own
            run.append(char)
        if run:
            merged.append(("".join(run), style))
        return merged

    def _steady(self) -> list[Piece]:
        """Return the line without the characters that would upset the columns."""
        text = "".join(char for char, _ in self._cells)
        if text.isascii():
            return self._cells
        held: list[Piece] = []
        done = 0
        for match in re.finditer(UPSETTING, text):
            held += self._cells[done : match.start()]
            done = match.end()
        return held + self._cells[done:]

    def _put(self, text: str) -> None:
        if not text.isprintable():
            text = "".join(map(visible, text))
        stop = self._at + len(text)
        self._cells[self._at : stop] = [(char, self._style) for char in text]
        self._at = stop

    def _control(self, char: str) -> None:
        match char:
            case "\r":
                self._at = 0
            case "\b":
                self._at = max(0, self._at - 1)
            case "\t":
                self._put(" " * (_TAB - self._at % _TAB))
            case "\u200d" | "\ufeff" | "\x07":
                pass
            case _:
                self._put(visible(char))

    def _colour(self, codes: str) -> None:
        _apply(self._codes, codes)
        self._style = _style(tuple(sorted(self._codes.items(), key=lambda item: item[0])))


@lru_cache(maxsize=1024)
def _style(codes: tuple[tuple[str, object], ...]) -> Style:
    return Style(**dict(codes))  # type: ignore[arg-type]


def _apply(state: dict[str, object], codes: str) -> None:
    numbers = iter([int(code[:5]) if code else 0 for code in re.split("[;:]", codes)])
    for number in numbers:
        if number == 0:
            state.clear()
        elif number in _FLAGS:
            name, value = _FLAGS[number]
            state[name] = value
            if number == 22:
                state["dim"] = None
        elif number in (38, 48):
            colour = _extended(numbers)
            if colour is not None:
                state["color" if number == 38 else "bgcolor"] = colour
        else:
            _basic(state, number)


def _basic(state: dict[str, object], number: int) -> None:
    for base, first, name in ((30, 0, "color"), (40, 0, "bgcolor"), (90, 8, "color"),
                              (100, 8, "bgcolor")):  # fmt: skip
        if base <= number < base + 8:
            state[name] = Color.from_ansi(number - base + first)
    if number in (39, 49):
        state.pop("color" if number == 39 else "bgcolor", None)


def _extended(numbers: Iterator[int]) -> Color | None:
    match next(numbers, None):
        case 5:
            number = next(numbers, 0)
            return Color.from_ansi(number) if number < 256 else None
        case 2:
            channels = [min(255, next(numbers, 0)) for _ in range(3)]
            return Color.from_rgb(*channels)
    return None
