"""Lines of a source file as they are drawn: running code in colour, waiting code in grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from coroplay.trace import Status
from coroplay.trace.view import Pane
from coroplay.tui.drawing.canvas import Canvas, Cell
from coroplay.tui.stepping import highlighting
from coroplay.tui.stepping.highlighting import Listing

BREAKPOINT: Final = "●"
_PICKED: Final = "→"
_MOST_STRIPS: Final = 4096


@dataclass(frozen=True, slots=True)
class SourceState:
    """The state of a source pane, while its lines are drawn."""

    pane: Pane
    listing: Listing
    own: range
    """The lines of the function that the coroutine is in; empty for the main part."""
    breakpoints: frozenset[int]
    picked: int | None

    def here(self, number: int) -> bool:
        """Return True if the coroutine stands at that line."""
        place = self.pane.place
        return place is not None and place.line == number and self.pane.status is not Status.READY

    def band(self, number: int) -> str | None:
        """Return the name of that line's background, if it has one of its own."""
        if number == self.picked:
            return "cursor-row"
        if not self.here(number):
            return None
        return "running-line" if self.pane.status is Status.RUNNING else "kept-line"


def gutter_width(listing: Listing) -> int:
    """Return the columns before the code: breakpoint, state, line number, and two spaces."""
    return _digits(listing) + 4


def _digits(listing: Listing) -> int:
    return max(2, len(str(len(listing.lines))))


class SourceLines:
    """Draws lines of source on a canvas, and remembers them."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._cache: dict[tuple[object, ...], list[Strip]] = {}

    def clear(self) -> None:
        """Forget the lines that were drawn."""
        self._cache.clear()

    def rows(self, state: SourceState, number: int, width: int) -> list[Strip]:
        """Draw one line: in two rows if it is long and the coroutine stands at it."""
        band = state.band(number)
        key = (
            number,
            width,
            state.pane.status,
            band,
            state.pane.coroutine if state.here(number) else 0,
            number in state.breakpoints,
            not state.own or number in state.own,
        )
        known = self._cache.get(key)
        if known is None:
            if len(self._cache) > _MOST_STRIPS:
                self._cache.clear()
            known = self._cache[key] = self._draw(state, number, width, band)
        return known

    def _draw(self, state: SourceState, number: int, width: int, band: str | None) -> list[Strip]:
        gutter = self._gutter(state, number, band)
        line = state.listing.lines[number - 1]
        if band and cell_len(line.plain) > width - gutter_width(state.listing):
            return self._wrapped(state, line, width, band, gutter)
        own = not state.own or number in state.own
        return [self._cut([*gutter, *self._code(state, line, band, own)], width, band)]

    def _gutter(self, state: SourceState, number: int, band: str | None) -> list[Cell]:
        canvas = self._canvas
        stop = BREAKPOINT if number in state.breakpoints else " "
        glyph = state.pane.glyph if state.here(number) else _PICKED if band else " "
        digits = canvas.ink("strong" if band else "faint")
        return [
            (stop, canvas.on_band(canvas.ink("mark"), band)),
            (glyph, canvas.on_band(canvas.coroutine_ink(state.pane.coroutine, bold=True), band)),
            (f" {number:{_digits(state.listing)}} ", canvas.on_band(digits, band)),
        ]

    def _cut(self, cells: list[Cell], width: int, band: str | None) -> Strip:
        """Draw the cells as one row, with a sign at its end if they go on."""
        canvas = self._canvas
        filling = canvas.on_band(canvas.ink("plain"), band)
        if sum(cell_len(text) for text, _ in cells) <= width:
            return canvas.strip(cells, width, filling)
        more = canvas.strip([("…", canvas.on_band(canvas.ink("muted"), band))], 1)
        return Strip.join([canvas.strip(cells, width - 1, filling), more])

    def _wrapped(
        self, state: SourceState, line: Content, width: int, band: str, gutter: list[Cell]
    ) -> list[Strip]:
        """Draw the line at which the coroutine stands to its end, as far as two rows go."""
        room = max(1, width - gutter_width(state.listing))
        indent = len(line.plain) - len(line.plain.lstrip())
        at = _break(line.plain, room)
        first, rest = line.divide([at])
        space = min(indent + 4, max(0, room - (len(line.plain) - at)))
        blank = self._canvas.on_band(self._canvas.ink("plain"), band)
        before: Cell = (" " * (gutter_width(state.listing) + space), blank)
        return [
            self._cut([*gutter, *self._code(state, first, band, own=True)], width, band),
            self._cut([before, *self._code(state, rest, band, own=True)], width, band),
        ]

    def _code(self, state: SourceState, line: Content, band: str | None, own: bool) -> list[Cell]:
        """Return code in colour where it runs, grey in a waiting frame, faint anywhere else."""
        canvas, status = self._canvas, state.pane.status
        base = canvas.on_band(canvas.ink("plain"), band)
        if status is Status.RUNNING and own:
            return highlighting.cells(line, base, self._parse)
        if band:
            return [(line.plain, base)]
        ended = status in (Status.FINISHED, Status.FAILED)
        return [(line.plain, canvas.ink("faint" if ended or not own else "muted"))]

    def _parse(self, style: str | Style) -> Style:
        if isinstance(style, Style):
            return style
        # Textual would work it out from the background; the base style has the colour already.
        return Style() if style == "$text" else Style.parse(style, self._canvas.app.theme_variables)


def _break(text: str, room: int) -> int:
    """Return the index at which to break: after a space, bracket or comma, if there is one."""
    while cell_len(text[:room]) > room:
        room -= 1
    indent = len(text) - len(text.lstrip())
    ends = [text.rfind(sign, indent + 1, room) + 1 for sign in " (,[{="]
    best = max(ends)
    return best if best > indent + (room - indent) // 2 else room
