"""Cost of a switch at level `switches`, beside nothing and beside hooks that do nothing.

Part of `make bench`, or `python -m tests.benchmarks.switches [--rounds N] [--count N]`. In one
process the hooks take turns after some hundred switches each, and the processor's time is taken:
so the ratios hold on a busy machine, too. Of each the quickest twentieth and the middle is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Final

from coroplay.probe.base import accelerator

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
LESSON: Final = ROOT / "demos" / "03_switch_cost" / "with_greenlet.py"
PROGRAM: Final = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from coroplay.probe.base import originals
ours = originals.gettrace()
def ping_pong():
    import greenlet
    def pong():
        switch = greenlet.getcurrent().parent.switch
        while True: switch()
    switch = greenlet.greenlet(pong).switch
    def turns(n):
        for _ in range(n): switch()
    return turns
def sleep():
    import gevent
    def turns(n, sleep=gevent.sleep):
        for _ in range(n): sleep(0)
    return turns
turns = globals()[sys.argv[2]]()
hooks = {"unwatched": None, "a hook in Python that does nothing": lambda event, args: None}
try:
    import noop
    hooks["a hook in C that does nothing"] = noop.noop
except ImportError:
    pass
hooks["ours"] = ours
times = {name: [] for name in hooks}
for _ in range(int(sys.argv[3])):
    for name, hook in hooks.items():
        originals.settrace(hook)
        turns(20)
        began = time.thread_time_ns()
        turns(250)
        times[name].append((time.thread_time_ns() - began) / 500)
originals.settrace(ours)
print(json.dumps(times))
"""
FLOOR: Final = "a hook in C that does nothing"
OURS: Final = {"c": "ours in C", "python": "ours in Python"}


def build_floor(folder: Path) -> None:
    """Compile the hook that does nothing; without a compiler its line is left out."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()
    target = folder / f"noop{sysconfig.get_config_var('EXT_SUFFIX')}"
    include = f"-I{sysconfig.get_path('include')}"
    command = [*compiler, "-O2", "-shared", "-fPIC", include, str(HERE / "noop.c"), "-o", target]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no hook in C to compare with: {error}", file=sys.stderr)


def probe(record: Path, which: str, *target: str) -> bytes:
    """Output of a program watched at level `switches`, recorded by C or by Python."""
    command = [sys.executable, "-m", "coroplay.probe", "--record", str(record)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        accelerator.VARIABLE: "on" if which == "c" else "off",
    }
    return subprocess.run(
        [*command, "--level", "switches", *target], env=environment, check=True, stdout=-1
    ).stdout


def measure(kind: str, which: str, rounds: int, folder: Path) -> dict[str, list[float]]:
    """Measure nanoseconds a switch for each hook, one figure a turn."""
    record = Path(tempfile.mkdtemp(dir=folder))
    program = folder / "program.py"
    program.write_text(PROGRAM)
    printed = probe(record, which, str(program), str(folder), kind, str(rounds))
    shutil.rmtree(record)
    found: dict[str, list[float]] = json.loads(printed)
    return {OURS[which] if name == "ours" else name: times for name, times in found.items()}


def report(what: str, times: dict[str, list[float]], goals: dict[str, tuple[str, float]]) -> bool:
    """Print one table, and tell whether its goals are met."""
    print(f"\n{what}: nanoseconds a switch, quickest twentieth … middle, and the ratio")
    low = {name: statistics.quantiles(found, n=20)[0] for name, found in times.items()}
    all_met = True
    for name, found in times.items():
        other, most = goals.get(name, ("unwatched", 0))
        ratio = low[name] / low[other] if other in low else 0
        met = not most or ratio <= most
        sign = " " if not most else "✓" if met else "✗"
        words = f"goal {most} x {other}; is {ratio:.2f}" if most else ""
        middle = statistics.median(found)
        plain = low[name] / low["unwatched"]
        print(f"{sign} {name:<36}{low[name]:>6.0f} … {middle:<6.0f}{plain:>5.2f} x  {words}")
        all_met = all_met and met
    return all_met


def lesson(which: str, count: int, folder: Path) -> bool:
    """Compare lesson 3 watched and not, and tell whether its goals are met."""
    arguments = [str(LESSON), "--count", str(count)]
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    plain = time.perf_counter() - began
    record = Path(tempfile.mkdtemp(dir=folder))
    began = time.perf_counter()
    probe(record, which, *arguments)
    watched = time.perf_counter() - began
    size = sum(file.stat().st_size for file in record.iterdir()) / (2 * count)
    shutil.rmtree(record)
    met = watched <= 2 * plain and size < 16.5
    print(
        f"{'✓' if met else '✗'} lesson 3, {2 * count:,} switches, {OURS[which]}: {watched:.1f} s, "
        f"unwatched {plain:.1f} s, ratio {watched / plain:.2f}, goal 2; "
        f"{size:.2f} bytes a switch, goal 16"
    )
    return met


def main() -> int:
    """Measure, and print the tables; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--count", type=int, default=10_000_000, help="of lesson 3")
    options = parser.parse_args()
    print(f"Python {'.'.join(map(str, sys.version_info[:3]))}")
    kinds = ["python"] if not accelerator.used else ["c", "python"]
    met = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build_floor(folder)
        for which in kinds:
            times = measure("ping_pong", which, options.rounds, folder)
            goals = {OURS["c"]: (FLOOR, 1.08)}
            met.append(report("Ping-pong of two greenlets", times, goals))
            times = measure("sleep", which, options.rounds, folder)
            met.append(report("gevent.sleep(0)", times, {OURS["c"]: ("unwatched", 1.3)}))
        print()
        met += [lesson(which, options.count, folder) for which in kinds[:1]]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
