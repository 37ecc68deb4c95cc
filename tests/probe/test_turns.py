"""Threads that write to both standard streams: what they write is recorded in its order."""

from __future__ import annotations

import pytest

from coroplay.trace import Recording
from tests.support.programs import Workbench
from tests.support.steps import outputs

BOTH_AT_ONCE = """
    import os, sys, threading
    from coroplay.probe.hooks import turns
    turns._LONGEST_TURN = 60  # However busy the machine is.
    os.dup2(1, 2)
    sys.setswitchinterval(1e-6)
    def body(name, stream):
        for n in range(300): stream.write(f"{name}{n}\\n")
    streams = {"o": sys.stdout, "e": sys.stderr, "O": sys.stdout, "E": sys.stderr}
    threads = [threading.Thread(target=body, args=one) for one in streams.items()]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
ONE_STUCK = """
    import array, fcntl, os, sys, termios, threading
    read, write = os.pipe()
    kept = os.dup(1)
    os.dup2(write, 1)
    def flood(): print("x" * 1_000_000, flush=True)
    def waits_in_pipe():
        count = array.array("i", [0])
        fcntl.ioctl(read, termios.FIONREAD, count)
        return count[0] >= 4096
    stuck = threading.Thread(target=flood)
    stuck.start()
    while not waits_in_pipe(): pass
    for n in range(3): print("out of turn", n, file=sys.stderr)
    got = 0
    while got < 1_000_001: got += len(os.read(read, 65536))
    stuck.join()
    os.dup2(kept, 1)
    print("in turn again")
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_both_streams_are_recorded_in_the_order_in_which_they_were_written(
    bench: Workbench, level: str
) -> None:
    record = bench.new_record()
    result = bench.watched(
        record, bench.script(BOTH_AT_ONCE), level=level, options=("--line-buffered",)
    )
    assert result.status == 0, result.stderr.decode()
    with Recording(record) as recording:
        told = "".join(step.text for step in outputs(recording)).splitlines()
    assert len(told) == 1200
    assert told == result.stdout.decode().splitlines()


def test_a_stream_that_is_stuck_holds_up_no_other(bench: Workbench) -> None:
    record = bench.new_record()
    result = bench.watched(record, bench.script(ONE_STUCK))
    assert result.status == 0
    assert result.stderr.decode().splitlines() == [f"out of turn {n}" for n in range(3)]
    assert result.stdout == b"in turn again\n"
    with Recording(record) as recording:
        told = [step.text for step in outputs(recording)]
    assert [one for one in told if not one.startswith("x")][-1] in ("in turn again\n", "\n")
    assert sum(map(len, told)) == 1_000_001 + len(result.stderr) + len(result.stdout)
