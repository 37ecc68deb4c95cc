"""Measured values beside their goals, and their printed form."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its goal."""

    what: str
    measured: str
    goal: str
    met: bool


def table(figures: Sequence[Figure]) -> bool:
    """Print the figures, and tell whether all goals are met."""
    widest = max(len(figure.what) for figure in figures)
    for figure in figures:
        sign = "✓" if figure.met else "✗"
        print(f"{sign} {figure.what:<{widest}}  {figure.measured:<34} goal {figure.goal}")
    return all(figure.met for figure in figures)


def spread(values: Sequence[float], unit: str, digits: int = 1) -> str:
    """Median, least and greatest of some values, as text."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f} … {high:.{digits}f})"
