"""Several programs in one terminal, each line with its program's name in front."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from coroplay.cli.paint import output_paint, pad
from coroplay.cli.plan import Plan
from coroplay.host.launch import Launch
from coroplay.host.outcome import Report
from coroplay.host.prefix import Prefixer, Stream
from coroplay.host.screen import Screen
from coroplay.host.signals import Signals
from coroplay.host.together import Part, Together


def run_several(
    wanted: Plan,
    launches: Sequence[Launch],
    signals: Signals,
    *,
    color: str,
    timeout: float | None,
) -> Report:
    """Run several programs to their end. Raises StartError."""
    parts = [
        Part(launch, program.reads_input, program.service)
        for launch, program in zip(launches, wanted.programs, strict=True)
    ]
    prefixer = Prefixer(_prefixes(wanted, color), one_screen=os.isatty(1) and os.isatty(2))
    screen = Screen(prefixer, {Stream.STDOUT: 1, Stream.STDERR: 2})
    return Together(parts, screen, signals, at_once=wanted.at_once, timeout=timeout).run()


def _prefixes(wanted: Plan, color: str) -> list[bytes]:
    paint = output_paint(color)
    encoding = "ascii" if sys.stdout is None else sys.stdout.encoding
    bar = "│".encode(encoding, "replace").replace(b"?", b"|")
    widest = max(len(program.label) for program in wanted.programs)
    return [
        paint.coroutine(number, pad(program.label, widest)).encode() + b" " + bar + b" "
        for number, program in enumerate(wanted.programs, 1)
    ]
