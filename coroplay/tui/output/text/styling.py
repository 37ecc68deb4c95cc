"""Styled text: a line of output as pieces, cut, and with other styles laid over parts of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.style import Style

from coroplay.tui.drawing.ansi import Piece, pieces
from coroplay.tui.runs.buffer import OutputLine, Stream


class OutputStyles(NamedTuple):
    """The styles of all that is drawn in a view, for the theme in use."""

    base: Style
    """For text that has no style of its own."""
    time: Style
    error: Style
    typed: Style
    later: Style
    """For text that was written after the cursor."""
    note: Style
    """For words that the program did not write."""
    found: Style
    current: Style
    """For the match that the search stands at."""
    bar: Style
    selection: Style


def line_text(line: OutputLine, note: Style | None = None) -> list[Piece]:
    """Return a line as styled pieces, at its end a note in that style if bytes are left out."""
    text = pieces(line.data, line.colours)
    if line.left_out:
        text.append((f" … {line.left_out:,} bytes more in this line", note or Style.null()))
    return text


def styled_line(line: OutputLine, styles: OutputStyles, *, later: bool) -> list[Piece]:
    """Return a line in the style of its stream, or dimmed if it was written after the cursor."""
    text = line_text(line, styles.note)
    if later:
        return [(part, styles.later) for part, _ in text]
    if line.stream is Stream.OUT:
        return text
    own = styles.error if line.stream is Stream.ERROR else styles.typed
    return [(part, own + style) for part, style in text]


def part_of(text: Iterable[Piece], start: int, stop: int) -> list[Piece]:
    """Return the characters from `start` to before `stop`."""
    made: list[Piece] = []
    at = 0
    for part, style in text:
        if at >= stop:
            break
        if cut := part[max(0, start - at) : stop - at]:
            made.append((cut, style))
        at += len(part)
    return made


def restyled(text: Iterable[Piece], spans: Iterable[tuple[int, int]], style: Style) -> list[Piece]:
    """Return the text with another style over some of its characters; spans are in order."""
    made: list[Piece] = []
    waiting = list(spans)[::-1]
    at = 0
    for part, own in text:
        end, done = at + len(part), at
        while waiting and waiting[-1][0] < end:
            low, high = max(waiting[-1][0], done), min(waiting[-1][1], end)
            if low < high:
                made.append((part[done - at : low - at], own))
                made.append((part[low - at : high - at], own + style))
                done = high
            if waiting[-1][1] > end:
                break
            waiting.pop()
        made.append((part[done - at :], own))
        at = end
    return [piece for piece in made if piece[0]]
