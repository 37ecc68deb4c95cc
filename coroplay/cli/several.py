"""Several programs in one terminal, each line with its program's name in front."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from coroplay.cli.paint import output_paint, pad
from coroplay.host.group import Group
from coroplay.host.launch import Launch
from coroplay.host.outcome import Report
from coroplay.host.outlet import PrefixedOutlet
from coroplay.host.plan import Plan
from coroplay.host.prefix import Prefixer, Stream
from coroplay.host.signals import Signals


def run_several(
    plan: Plan,
    launches: Sequence[Launch],
    signals: Signals,
    *,
    color: str,
    timeout: float | None,
    grace: float | None,
) -> Report:
    """Run programs to their end. Raises StartError."""
    prefixer = Prefixer(_prefixes(plan, color), one_screen=os.isatty(1) and os.isatty(2))
    outlet = PrefixedOutlet(prefixer, {Stream.STDOUT: 1, Stream.STDERR: 2})
    return Group(plan, launches, outlet, signals, timeout=timeout, grace=grace).run()


def _prefixes(plan: Plan, color: str) -> list[bytes]:
    paint = output_paint(color)
    encoding = "ascii" if sys.stdout is None else sys.stdout.encoding
    bar = "│".encode(encoding, "replace").replace(b"?", b"|")
    widest = max(len(program.name) for program in plan.programs)
    return [
        paint.coroutine(number, pad(program.name, widest)).encode() + b" " + bar + b" "
        for number, program in enumerate(plan.programs, 1)
    ]
