"""Columns of a line's characters: some take two, and some none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rich.cells import get_character_cell_size


def columns(text: str) -> Sequence[int]:
    """Return the column at which each character begins, and at the end that of the text's end."""
    if text.isascii():
        return range(len(text) + 1)
    return [0, *accumulate(map(get_character_cell_size, text))]


def breaks(starts: Sequence[int], width: int) -> Sequence[int]:
    """Return the first character of each row, where rows have that width."""
    if isinstance(starts, range):
        return range(0, max(1, len(starts) - 1), width)
    found = [0]
    while starts[-1] - starts[found[-1]] > width:
        next_one = bisect_right(starts, starts[found[-1]] + width) - 1
        found.append(max(next_one, found[-1] + 1))
    return found


def window(starts: Sequence[int], left: int, width: int) -> tuple[int, int]:
    """Return the first character that is wholly in these columns, and the one after the last."""
    first = bisect_left(starts, left)
    if first == len(starts):
        return first - 1, first - 1
    # Marks that belong to the character before it stand at the same column.
    first = bisect_right(starts, starts[first]) - 1
    return first, max(first, bisect_right(starts, left + width) - 1)
