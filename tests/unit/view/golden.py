"""What the step panes say at every step of a recording, as lines of text.

`python -m tests.unit.view.golden` writes lesson 1's anew, after a change that is meant.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from coroplay.trace import Recording
from coroplay.trace.view import Moment, Pair, Pane, Switches, Tense, exchange, explain, pair, pane
from tests.unit.view.lessons import Lessons

FILE = Path(__file__).with_name("lesson_1.txt")


def describe(recording: Recording) -> Iterator[str]:
    """The sentence, both panes, and the current arrow, step by step."""
    switches = Switches(recording)
    shown: Pair | None = None
    for index in range(len(recording)):
        moment = Moment(recording, index)
        shown = pair(moment, switches, shown)
        yield f"{index}: {explain(recording, index).text}"
        yield f"   left   {_pane(pane(moment, shown.left))}"
        if shown.right is not None:
            yield f"   right  {_pane(pane(moment, shown.right))}"
        arrows = exchange(switches, index, 12, shown)
        yield from (
            f"   arrow  {arrow.start} {arrow.label} {arrow.end}"
            for arrow in arrows
            if arrow.tense is Tense.CURRENT
        )


def _pane(shown: Pane) -> str:
    line = shown.place.line if shown.place else "-"
    known = []
    for one in shown.variables:
        news = "" if not one.changed else " (new)" if one.was is None else f" (was {one.was})"
        known.append(f"{one.name}={one.value}{news}")
    return f"{shown.name} {shown.state} @{line} {', '.join(known)}".rstrip()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text("\n".join(describe(Lessons(Path(folder))["yield"])) + "\n")
