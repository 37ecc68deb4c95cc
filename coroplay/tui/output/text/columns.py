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


def breaks(text: str, starts: Sequence[int], width: int) -> Sequence[int]:
    """Return the first character of each row, where rows have that width.

    Words stay whole, but for those that are longer than a row. The blank between two rows ends the
    first one, where it may have no room.
    """
    found = [0]
    while starts[-1] - starts[first := found[-1]] > width:
        too_far = max(bisect_right(starts, starts[first] + width) - 1, first + 1)
        blank = text.rfind(" ", first, too_far + 1)
        found.append(blank + 1 if text[first : max(blank, first)].strip() else too_far)
    return found


def window(starts: Sequence[int], left: int, width: int) -> tuple[int, int]:
    """Return the first character that is wholly in these columns, and the one after the last."""
    first = bisect_left(starts, left)
    if first == len(starts):
        return first - 1, first - 1
    # Marks that belong to the character before it stand at the same column.
    first = bisect_right(starts, starts[first]) - 1
    return first, max(first, bisect_right(starts, left + width) - 1)
