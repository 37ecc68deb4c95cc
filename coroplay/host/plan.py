"""What is to be run, once the command line has been understood."""

from __future__ import annotations

from dataclasses import dataclass

from coroplay.host.launch import Module, Script


@dataclass(frozen=True, slots=True)
class Planned:
    """One program that is to be run."""

    label: str
    target: Script | Module
    arguments: tuple[str, ...]
    main_name: str | None = None
    reads_input: bool = False
    service: bool = False
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to be run."""

    programs: tuple[Planned, ...]
    at_once: bool = True
    compare: bool = False
    """Whether how long they took is shown side by side."""
    others: tuple[str, ...] = ()
    """The names of the lesson's programs that are left out although nobody chose."""
