"""Cutting coloured text, and laying other styles over parts of it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style

from coroplay.tui.drawing.ansi import Piece


def part_of(text: Iterable[Piece], start: int, stop: int) -> list[Piece]:
    """The characters from `start` to before `stop`."""
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
    """The same text with another style over some of its characters; spans are in order."""
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
