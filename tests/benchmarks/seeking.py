"""Speed of opening a recording and of looking into it, by its size.

Part of `make bench`, or `python -m tests.benchmarks.seeking [STEPS ...]`. Each recording is made by
two greenlets that hand control to each other, watched at level `switches`, and looked into by a
process of its own, whose memory counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coroplay.host.launch import Launch, Level, Script
from tests.benchmarks.figures import Figure, table

SIZES = (10_000, 100_000, 1_000_000, 20_000_000)
OPENED_IN, SHOWN_IN, MEMORY = 100.0, 16.0, 150.0
"""Goals in milliseconds, milliseconds and megabytes."""
PING_PONG = """
import sys
from greenlet import greenlet
def turn():
    while True:
        other.switch()
def back():
    for _ in range(int(sys.argv[1]) // 2):
        one.switch()
one, other = greenlet(turn), greenlet(back)
other.switch()
"""
READ = """
import json, random, sys, time
from pathlib import Path
import psutil
from coroplay.trace import Recording
started = time.perf_counter()
recording = Recording(Path(sys.argv[1]))
count = len(recording)
opened = time.perf_counter() - started
chooser = random.Random(1)
times = []
for _ in range(200):
    step = chooser.randrange(count)
    started = time.perf_counter()
    recording.state(step)
    times.append(time.perf_counter() - started)
memory = psutil.Process().memory_info()
print(json.dumps([count, opened, times, memory.rss / 1e6]))
"""


def record(folder: Path, steps: int) -> tuple[float, float]:
    """Make a recording of about so many steps; return the seconds it took, and bytes a step."""
    script = folder / "ping_pong.py"
    script.write_text(PING_PONG)
    path = folder / str(steps)
    path.mkdir()
    launch = Launch(Script(str(script)), (str(steps),), Level.SWITCHES, path)
    started = time.perf_counter()
    subprocess.run(launch.command(), check=True)
    seconds = time.perf_counter() - started
    return seconds, sum(file.stat().st_size for file in path.iterdir()) / steps


def look_into(path: Path) -> tuple[int, float, list[float], float]:
    """Steps, seconds to open, seconds to the state at each of many random steps, megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True
    )
    count, opened, times, memory = json.loads(done.stdout)
    return count, opened, times, memory


def figures_of(folder: Path, steps: int) -> list[Figure]:
    """Rows of the table for one size."""
    seconds, size = record(folder, steps)
    count, opened, times, memory = look_into(folder / str(steps))
    ms = [one * 1000 for one in times]
    p95 = statistics.quantiles(ms, n=20)[-1]
    name = f"{count:,} steps"
    state = f"{statistics.median(ms):.1f} ms, p95 {p95:.1f}, worst {max(ms):.1f}"
    figures = [
        Figure(f"{name}: open", f"{opened * 1000:.1f} ms", "100 ms", opened * 1000 <= OPENED_IN),
        Figure(f"{name}: state at a random step", state, "16 ms", max(ms) <= SHOWN_IN),
        Figure(f"{name}: memory", f"{memory:.0f} MB", "150 MB", memory <= MEMORY),
    ]
    if steps >= 1_000_000:
        made = f"{size:.1f} ({seconds:.1f} s to make)"
        figures.append(Figure(f"{name}: bytes a switch", made, "16.1", size <= 16.1))
    return figures


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", type=int, nargs="*", default=SIZES)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for steps in parser.parse_args().steps:
            figures += figures_of(Path(folder), steps)
    return 0 if table(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
