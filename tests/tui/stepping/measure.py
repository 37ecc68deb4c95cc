"""The work of a step, up to the screen: `python -m tests.tui.stepping.measure RECORDING`.

It is processor time, so that neither Textual's frame rate nor other programs are in it. What it
takes to wait for the screen is measured too, and printed as the idle time.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path

from coroplay.trace import Recording
from tests.tui.harness import Harness

SIZE = (120, 40)
STEPS = 200


async def measured(recording: Recording, by: int) -> list[float]:
    """Milliseconds of each of many steps from the middle, all panes and the timeline redrawn."""
    app = Harness(recording, len(recording) // 2)
    taken = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(2)  # The lanes of a long recording fill in by and by.
        gc.collect()
        gc.freeze()
        for _ in range(STEPS):
            begun = time.process_time()
            if by:
                app.move(app.cursor + by)
            await pilot.pause()
            taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)


def main() -> None:
    """Print the median and the 95th percentile, forward and back."""
    with Recording(Path(sys.argv[1])) as recording:
        print(f"{len(recording)} steps, {SIZE[0]}x{SIZE[1]}")
        for name, by in (("idle", 0), ("forward", 1), ("back", -1)):
            taken = asyncio.run(measured(recording, by))
            median, late = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
            print(f"{name:8} median {median:.1f} ms, p95 {late:.1f} ms")


if __name__ == "__main__":
    main()
