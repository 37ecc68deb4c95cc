"""A widget drawn from finished strips, which draws the lines that changed anew and no others."""

from __future__ import annotations

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

from coroplay.trace.view import clean
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
    """What all the step-through's own widgets are made of: styles by name, and lines."""

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
        """The room that was drawn for last."""

    # Styles

    def ink(self, name: str) -> Style:
        """The style of that name, over the widget's own background."""
        known = self._inks.get(name)
        if known is None:
            known = self._inks[name] = self.get_visual_style(f"ink--{name}")
        return known

    def coroutine_ink(self, coroutine: int, *, bold: bool = False) -> Style:
        """The style of what belongs to that coroutine."""
        name = f"{coroutine} {bold}"
        known = self._inks.get(name)
        if known is None:
            chosen = Color.parse(coroutine_colour(self.app, coroutine))
            known = self.ink("plain") + Style(foreground=chosen, bold=bold)
            self._inks[name] = known
        return known

    def on_band(self, style: Style, band: str | None) -> Style:
        """The style with the background of a band across the row."""
        if band is None:
            return style
        return style + Style(background=self.ink(band).background)

    def notify_style_update(self) -> None:
        """The theme or a stylesheet has changed: nothing drawn so far is right any more."""
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
        """Drop what was drawn for later use. For the widgets that keep such."""

    def redraw(self) -> None:
        """Draw anew from what is shown. For the widgets that know what that is."""

    # Lines

    def strip(self, cells: Iterable[Cell], width: int, rest: Style | None = None) -> Strip:
        """One line of these cells, cut or filled up to a width."""
        segments = [
            # What the views say is clean already; this is for whatever should ever slip through.
            Segment(text if text.isprintable() else clean(text), style.rich_style)
            for text, style in cells
            if text
        ]
        filling = (rest or self.ink("plain")).rich_style
        return Strip(segments).adjust_cell_length(width, filling)

    def put(self, strips: Sequence[Strip]) -> None:
        """Show these lines; those that are as before stay as they are."""
        old, self._strips = self._strips, strips
        width = self.size.width
        for y in range(max(len(old), len(strips))):
            before = old[y] if y < len(old) else None
            after = strips[y] if y < len(strips) else None
            if before is not after and before != after:
                self.refresh(Region(0, y, width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is in sight; it may be asked for before the widget has heard of its room."""
        self._draw_for_room()
        return super().render_lines(crop)

    def _draw_for_room(self) -> None:
        if self._drawn_for != self.size:
            self._drawn_for = self.size
            self.redraw()

    def render_line(self, y: int) -> Strip:
        """The line at that height, as Textual asks for it."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.ink("plain").rich_style)

    def on_resize(self) -> None:
        """The width or height has changed."""
        self._draw_for_room()


def fit(text: str, width: int) -> str:
    """The text in at most that many columns, its end replaced by an ellipsis if it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def coroutine_colour(app: App[object], coroutine: int) -> str:
    """A coroutine's colour as a value, also where the app hasn't made it a theme variable."""
    name = coroutine_colours.colour(coroutine).removeprefix("$")
    known = app.theme_variables.get(name)
    return known or coroutine_colours.variables(app.current_theme.dark)[name]
