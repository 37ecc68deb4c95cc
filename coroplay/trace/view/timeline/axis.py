"""The time axis: its marks and their labels, and spans that are pleasant to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_NICE: Final = (1, 2, 5)
_SECOND: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    column: int
    label: str


def nice_step(least_ns: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … nanoseconds that is at least that long."""
    power = 1
    while True:
        for factor in _NICE:
            if factor * power >= least_ns:
                return factor * power
        power *= 10


def ticks(start_ns: int, span_ns: int, width: int, apart: int = 10) -> list[Tick]:
    """Return marks for an axis of that many columns, at least so many columns apart."""
    if width <= 0 or span_ns <= 0:
        return []
    step = nice_step(span_ns * apart / width)
    unit, name = _unit(step)
    found: list[Tick] = []
    at = -(-start_ns // step) * step
    while at < start_ns + span_ns:
        column = (at - start_ns) * width // span_ns
        label = _label(at, unit)
        found.append(Tick(column, f"{label} {name}" if not found else label))
        at += step
    return found


def _unit(step_ns: int) -> tuple[int, str]:
    if step_ns >= _SECOND // 10:
        return _SECOND, "s"
    if step_ns >= 100_000:
        return 1_000_000, "ms"
    if step_ns >= 100:
        return 1_000, "µs"
    return 1, "ns"


def clock(t_ns: int, span_ns: int) -> str:
    """Return a time in words, as exact as can be seen on an axis of that length."""
    unit, name = _unit(nice_step(span_ns / 10))
    digits = 3 if unit > 1 else 0
    return f"{t_ns / unit:.{digits}f} {name}"


def _label(at_ns: int, unit: int) -> str:
    whole, rest = divmod(at_ns, unit)
    if not rest:
        return str(whole)
    return f"{at_ns / unit:.3f}".rstrip("0")
