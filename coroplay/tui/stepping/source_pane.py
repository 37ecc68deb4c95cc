"""One coroutine's pane: its name, its state, its source with the current line, its locals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.style import Style

from coroplay.coroutine_colours import symbol
from coroplay.sanitizing import clean
from coroplay.trace import CoroutineKind, Status
from coroplay.trace.view import Pane, Source
from coroplay.tui.drawing.canvas import Canvas, Cell, fit, fit_name
from coroplay.tui.stepping.fitting import fit_state
from coroplay.tui.stepping.highlighting import Listing
from coroplay.tui.stepping.source_lines import SourceLines, SourceState, gutter_width
from coroplay.tui.stepping.variables import variable_rows

_LOW: Final = 9
"""Rows below which name and state share one."""
_LONGEST_BAR: Final = 10
_ROOMY: Final = 14
"""Rows from which on there is a blank one above the locals."""

_HUB_TEXT: Final = (
    "The hub is gevent's own coroutine.",
    "Whoever waits hands control to it,",
    "and it looks for one that can go on.",
)


class SourcePane(Canvas):
    """One coroutine at the cursor."""

    @dataclass
    class LineChosen(Message):
        """A line of source was clicked."""

        pane: SourcePane
        file: str
        line: int
        in_gutter: bool

        @property
        def control(self) -> SourcePane:
            """The pane that was clicked."""
            return self.pane

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.pane: Pane | None = None
        self.instead = ""
        """A sentence for the time without a coroutine to show."""
        self._listing: Listing | None = None
        self._breakpoints: frozenset[int] = frozenset()
        self._tops: dict[tuple[int, str], int] = {}
        self.picked: int | None = None
        """A line that the keys have picked, apart from where the coroutine stands."""
        self._own = range(0)
        """The lines of the function that the coroutine is in."""
        self._shown: list[int | None] = []
        self._scrolled = False
        """True if the person has scrolled since the last step."""
        self._lines = SourceLines(self)

    def show_coroutine(
        self, pane: Pane | None, listing: Listing | None, breaks: Iterable[int]
    ) -> None:
        """Show that coroutine, with breakpoints at these lines of its file."""
        if listing is not self._listing:
            self._lines.clear()
            self.picked = None
        self.pane, self._listing, self._breakpoints = pane, listing, frozenset(breaks)
        self._scrolled = False
        self.redraw()

    def forget(self) -> None:
        """Forget the lines at the top: another recording is shown from now on."""
        self._tops.clear()

    def forget_strips(self) -> None:
        """Drop the lines that were drawn: the colours are others."""
        self._lines.clear()

    # Drawing

    def redraw(self) -> None:
        """Draw the coroutine at the size there is."""
        width, height = self.size
        if not width or not height:
            return
        self._shown = []
        if self.pane is None:
            self.put(self._text(["", self.instead], width) if self.instead else ())
            return
        head = self._head(self.pane, width, height)
        locals_ = variable_rows(self, self.pane, width, max(1, (height - len(head)) // 3))
        if locals_ and height > _ROOMY:
            locals_.insert(0, Strip.blank(width, self.ink("plain").rich_style))
        body = self._body(self.pane, width, max(1, height - len(head) - len(locals_)))
        self._shown = [*(None for _ in head), *self._shown]
        self.put([*head, *body, *locals_])

    def _head(self, pane: Pane, width: int, height: int) -> list[Strip]:
        if height >= _LOW:
            return [self._name_row(pane, width), self._state_row(pane, width)]
        sign = f"{symbol(pane.coroutine)} {fit_name(pane.name, width // 2 - 3)}  "
        room = max(1, width - cell_len(sign))
        own = self.coroutine_ink(pane.coroutine, bold=True)
        return [self.strip([(sign, own), (fit_state(pane, room), self._ink_of(pane))], width)]

    def _name_row(self, pane: Pane, width: int) -> Strip:
        sign = f"{symbol(pane.coroutine)} "
        name = fit_name(pane.name, max(1, width - 3))
        arguments = fit(pane.arguments, max(0, width - cell_len(sign + name)))
        cells: list[Cell] = [
            (sign + name, self.coroutine_ink(pane.coroutine, bold=True)),
            (arguments, self.ink("muted")),
        ]
        within = "" if pane.function in ("", "<module>") else f"in {pane.function}"
        room = width - sum(cell_len(text) for text, _ in cells) - len(within) - 1
        if within and room > 0 and not pane.name.startswith(pane.function):
            cells.append((" " * room + within, self.ink("muted")))
        return self.strip(cells, width)

    def _ink_of(self, pane: Pane) -> Style:
        inks = {Status.RUNNING: "alive", Status.FAILED: "mark", Status.WAITING: "plain"}
        return self.ink(inks.get(pane.status, "muted"))

    def _state_row(self, pane: Pane, width: int) -> Strip:
        ink = self._ink_of(pane)
        state = fit_state(pane, width)
        cells: list[Cell] = [(state, ink)]
        bar = width - cell_len(state) - 3
        if pane.left is not None and bar >= 4:
            full = round(pane.left * min(bar, _LONGEST_BAR))
            own = self.coroutine_ink(pane.coroutine)
            cells.append(("  " + "━" * full, own))
            cells.append(("━" * (min(bar, _LONGEST_BAR) - full), self.ink("faint")))
        return self.strip(cells, width)

    def _body(self, pane: Pane, width: int, room: int) -> list[Strip]:
        listing = self._listing
        if pane.kind is CoroutineKind.HUB:
            return self._text(_HUB_TEXT, width)[:room]
        if listing is None:
            return []
        if not listing.source.lines:
            lines = (listing.source.problem or "", *_call(pane))
            return self._text(lines, width)[:room]
        self._own = _own_lines(pane, listing.source)
        first = self._first_line(pane, listing, room)
        last = min(len(listing.lines), first + room)
        state = SourceState(pane, listing, self._own, self._breakpoints, self.picked)
        rows: list[Strip] = []
        least = 0
        for number in range(first + 1, last + 1):
            drawn = self._lines.rows(state, number, width)
            rows += drawn
            self._shown += [number] * len(drawn)
            if state.band(number):
                least = max(0, len(rows) - room)
        # A line in two rows is seen to its end, though it stands at the bottom.
        self._shown = self._shown[least : least + room]
        return rows[least : least + room]

    def _first_line(self, pane: Pane, listing: Listing, room: int) -> int:
        """Return the line at the top, from 0: as before, while the current line is in sight."""
        count = len(listing.lines)
        defined = self._own.start or None
        ready = pane.status is Status.READY
        stands = (defined if ready else None) or (pane.place.line if pane.place else 1)
        focus = self.picked or stands
        key = (pane.coroutine, listing.source.file)
        top = min(self._tops.get(key, 0), max(0, count - room))
        margin = 1 if room > 4 else 0
        near = defined is not None and 0 <= focus - defined < room - margin
        cut = near and not self._scrolled and top > (defined or 0) - 1
        if cut or not top + margin * bool(top) <= focus - 1 <= top + room - 1 - margin:
            top = (defined or 1) - 1 if near else focus - 1 - room // 3
        top = max(0, min(top, count - room))
        self._tops[key] = top
        return top

    def _text(self, lines: Iterable[str], width: int) -> list[Strip]:
        rows = [part for line in lines for part in Content(line).wrap(max(1, width - 1))]
        return [self.strip([(row.plain, self.ink("muted"))], width) for row in rows]

    def pick(self, by: int) -> None:
        """Pick another line, further down or up; the first time, next to the current line."""
        if self.pane is None or self._listing is None or not self._listing.lines:
            return
        stands = self.pane.place.line if self.pane.place else 1
        picked = (self.picked or stands) + by
        self.picked = max(1, min(len(self._listing.lines), picked))
        self.redraw()

    @property
    def picked_place(self) -> tuple[str, int] | None:
        """File and line that the keys have picked."""
        if self.picked is None or self._listing is None:
            return None
        return self._listing.source.file, self.picked

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Choose the line whose gutter or text was clicked."""
        line = self._shown[event.y] if event.y < len(self._shown) else None
        if line is not None and self._listing is not None:
            file = self._listing.source.file
            self.post_message(
                self.LineChosen(self, file, line, event.x < gutter_width(self._listing) - 1)
            )

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down, as far as the current line stays in sight."""
        self._scroll(3)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up, as far as the current line stays in sight."""
        self._scroll(-3)
        event.stop()

    def _scroll(self, by: int) -> None:
        if self.pane is None or self._listing is None:
            return
        key = (self.pane.coroutine, self._listing.source.file)
        room = sum(1 for line in self._shown if line is not None)
        focus = self.pane.place.line if self.pane.place else 1
        least, most = max(0, focus - room + 1), max(0, focus - 2)
        self._tops[key] = max(least, min(most, self._tops.get(key, 0) + by))
        self._scrolled = True
        self.redraw()


def _own_lines(pane: Pane, source: Source) -> range:
    """Return the lines of the function that the coroutine is in, or begins with."""
    if pane.status is Status.READY or pane.place is None:
        return source.function(pane.function)
    return source.function(pane.function, pane.place.line)


def _call(pane: Pane) -> tuple[str, ...]:
    if pane.place is None:
        return ()
    return ("", f"line {pane.place.line}   {clean(pane.place.source, 200)}")
