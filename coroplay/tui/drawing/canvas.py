"""A canvas: a widget of finished strips that draws only the lines that have changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from coroplay.sanitizing import clean
from coroplay.tui.drawing import coroutine_colours

Cell = tuple[str, Style]
"""A few characters in one style."""

_INKS: Final = (
    "plain",
    "muted",
    "faint",
    "strong",
    "value",
    "code",
    "alive",
    "mark",
    "running-line",
    "kept-line",
    "cursor-row",
)


class Canvas(Widget):
    """A widget of lines, with styles by name: the step-through and the timeline draw on it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ink--{name}" for name in _INKS}
    DEFAULT_CSS = """
    Canvas {
        & > .ink--plain { color: $text; }
        & > .ink--muted { color: $text-muted; }
        & > .ink--faint { color: $text-disabled; }
        & > .ink--strong { color: $text; text-style: bold; }
        & > .ink--value { color: $text-error; text-style: bold; }
        & > .ink--code { color: $text; text-style: bold; }
        & > .ink--alive { color: $text-success; }
        & > .ink--mark { color: $text-error; text-style: bold; }
        & > .ink--running-line { background: $primary 30%; }
        & > .ink--kept-line { background: $warning 18%; }
        & > .ink--cursor-row { background: $primary 20%; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._strips: Sequence[Strip] = ()
        self._inks: dict[str, Style] = {}
        self._restyling = False
        self._drawn_for: Size | None = None
        """The size for which the lines were drawn last."""

    # Styles

    def ink(self, name: str) -> Style:
        """Return the style of that name, over the widget's own background."""
        known = self._inks.get(name)
        if known is None:
            known = self._inks[name] = self.get_visual_style(f"ink--{name}")
        return known

    def coroutine_ink(self, coroutine: int, *, bold: bool = False) -> Style:
        """Return the style for all that belongs to a coroutine."""
        name = f"{coroutine} {bold}"
        known = self._inks.get(name)
        if known is None:
            chosen = Color.parse(coroutine_colour(self.app, coroutine))
            known = self.ink("plain") + Style(foreground=chosen, bold=bold)
            self._inks[name] = known
        return known

    def on_band(self, style: Style, band: str | None) -> Style:
        """Return the style with the background of a band across the row, if there is one."""
        if band is None:
            return style
        return style + Style(background=self.ink(band).background)

    def notify_style_update(self) -> None:
        """Draw everything anew: the theme or a stylesheet has changed."""
        super().notify_style_update()
        self._inks.clear()
        if self.is_mounted and not self._restyling:
            # The named styles of this widget come after this; only then is it time to draw.
            self._restyling = True
            self.call_next(self._restyle)

    def _restyle(self) -> None:
        self._restyling = False
        self._inks.clear()
        self.forget_strips()
        self.redraw()

    def forget_strips(self) -> None:
        """Drop strips that are kept for later use, in widgets that keep some."""

    def redraw(self) -> None:
        """Draw everything anew, in widgets that have something to draw."""

    # Lines

    def strip(self, cells: Iterable[Cell], width: int, rest: Style | None = None) -> Strip:
        """Make a line of these cells, cut or filled up to a width."""
        segments = [
            # The views clean their texts already; this is for a text that should ever slip through.
            Segment(text if text.isprintable() else clean(text), style.rich_style)
            for text, style in cells
            if text
        ]
        filling = (rest or self.ink("plain")).rich_style
        return Strip(segments).adjust_cell_length(width, filling)

    def put(self, strips: Sequence[Strip]) -> None:
        """Show these lines, and draw those that have changed."""
        old, self._strips = self._strips, strips
        width = self.size.width
        for y in range(max(len(old), len(strips))):
            before = old[y] if y < len(old) else None
            after = strips[y] if y < len(strips) else None
            if before is not after and before != after:
                self.refresh(Region(0, y, width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in sight, also before the widget has heard of its size."""
        self._draw_for_size()
        return super().render_lines(crop)

    def _draw_for_size(self) -> None:
        if self._drawn_for != self.size:
            self._drawn_for = self.size
            self.redraw()

    def render_line(self, y: int) -> Strip:
        """Return the line at that height, as Textual asks for it."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.ink("plain").rich_style)

    def on_resize(self) -> None:
        """Draw anew: the width or height has changed."""
        self._draw_for_size()


def fit(text: str, width: int) -> str:
    """Cut a text to that many columns, with an ellipsis at its end if it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def fit_name(name: str, width: int) -> str:
    """Cut a coroutine's name to that many columns, but not the number that tells it apart."""
    number = _NUMBER.search(name)
    room = width - len(number[0]) if number else 0
    if number is None or cell_len(name) <= width or room < _LEAST_NAME:
        return fit(name, width)
    return fit(name[: number.start()], room) + number[0]


_NUMBER: Final = re.compile(r" #\d+\Z")
_LEAST_NAME: Final = 2
"""Columns without which a name is not worth its number."""


def coroutine_colour(app: App[object], coroutine: int) -> str:
    """Return a coroutine's colour as a value, also where it is no variable of the theme."""
    name = coroutine_colours.colour(coroutine).removeprefix("$")
    known = app.theme_variables.get(name)
    return known or coroutine_colours.variables(app.current_theme.dark)[name]
