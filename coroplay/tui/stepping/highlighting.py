"""Source code in colour: each file is highlighted once, a long one in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.highlight import HighlightTheme, highlight
from textual.style import Style

from coroplay.trace.view import Source, Sources

SLOW: Final = 400
"""Lines from which on highlighting is left to a thread."""
TOO_LONG: Final = 4000
"""Lines from which on a file isn't highlighted at all."""

_OWN: Final = {
    "Token.Name": "$text",
    "Token.Name.Attribute": "$text",
    "Token.Name.Variable": "$text",
    "Token.Name.Builtin": "$text-accent",
    "Token.Name.Function": "$text-primary bold",
    "Token.Name.Function.Magic": "$text-primary bold",
    "Token.Name.Class": "$text-primary bold",
    "Token.Keyword.Namespace": "$text-accent",
    "Token.Keyword.Constant": "$text-warning",
    "Token.Operator": "$text",
    "Token.Operator.Word": "$text-accent",
}


class Quiet(HighlightTheme):
    """Textual's own colours, with plain names: the words of the language stand out."""

    STYLES = {  # noqa: RUF012  as the class it derives from has it
        token: _OWN.get(str(token), style) for token, style in HighlightTheme.STYLES.items()
    }


@dataclass(frozen=True, slots=True)
class Listing:
    """A source file, ready to be drawn."""

    source: Source
    lines: list[Content]


def coloured(source: Source) -> Listing:
    """Highlight the lines of a source file; leave them plain if there are too many."""
    if len(source.lines) > TOO_LONG:
        return plain(source)
    whole = highlight("\n".join(source.lines), language="python", theme=Quiet)
    lines = whole.split("\n", allow_blank=True)
    return Listing(source, lines) if len(lines) == len(source.lines) else plain(source)


def plain(source: Source) -> Listing:
    """Return the lines of a source file without colours."""
    return Listing(source, [Content(line) for line in source.lines])


def cells(
    line: Content, base: Style, parse: Callable[[str | Style], Style]
) -> list[tuple[str, Style]]:
    """Return a highlighted line as text and styles, over a base style."""
    return list(line.render(base, end="", parse_style=parse))


class Listings:
    """The files of one recording as they are drawn."""

    def __init__(self, later: Callable[[Source], None]) -> None:
        """`later` highlights a file that takes long, and calls `put` when that is done."""
        self._sources = Sources()
        self._known: dict[str, Listing] = {}
        self._later = later

    def of(self, file: str) -> Listing:
        """Return a file, highlighted, or plain until it is."""
        known = self._known.get(file)
        if known is None:
            source = self._sources.source(file)
            slow = SLOW <= len(source.lines) <= TOO_LONG
            known = self._known[file] = plain(source) if slow else coloured(source)
            if slow:
                self._later(source)
        return known

    def put(self, listing: Listing) -> None:
        """Use this listing for its file from now on."""
        self._known[listing.source.file] = listing
