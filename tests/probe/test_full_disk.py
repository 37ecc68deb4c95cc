"""A disk without room: the program goes on unharmed, its recording opens and says why it ends.

The recording's tables are mapped; a store where there is no room would end the program by SIGBUS.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from coroplay.trace import Recording, RecordingError, layout
from tests.support.mounts import SmallDisk
from tests.support.programs import LIMIT_S, Workbench, environment, probe_command

PING = """
    import os, sys
    from greenlet import greenlet, getcurrent
    main = getcurrent()
    def pong(text):
        while True: text = main.switch(text * 2)
    other = greenlet(pong)
    def ping(n):
        for n in range(n): other.switch(f"text {n}")
    disk = os.path.dirname(sys.argv[1])
    def fill():
        with open(disk + "/filling", "wb", buffering=0) as file:
            try:
                while True: file.write(bytes(4096))
            except OSError: pass
"""
END = """
    print("done"); sys.exit(6)
"""
LEVELS = pytest.mark.parametrize("level", ["switches", "lines"])


def watched(bench: Workbench, disk: SmallDisk, source: str, level: str = "lines") -> Path:
    """Run a program that ends as it should, its recording on that disk; where that is now."""
    record = disk.folder / "record"
    script = bench.script(PING + source + END)
    command = probe_command(record, [script, str(record)], ["--level", level])
    made = ["sh", "-c", 'mkdir "$0" && exec "$@"', str(record), *command]
    done = subprocess.run(
        disk.command(made),
        capture_output=True,
        env=environment(),
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (6, b"done\n", b"")
    return disk.copy / "record"


def check(record: Path) -> int:
    """The recording ends where there was no more room; its number of steps."""
    with Recording(record) as recording:
        assert recording.notes.silent_why == layout.NO_ROOM
        assert recording.notes.silent_at == len(recording)
        assert len(list(recording.steps(len(recording) - 1000))) == 1000
        assert recording.state(len(recording) - 1).running != []
        return len(recording)


@LEVELS
def test_a_recording_that_fills_the_disk_opens_and_says_why_it_ends(
    bench: Workbench, level: str
) -> None:
    disk = SmallDisk(bench.folder, "3m")
    assert check(watched(bench, disk, "    ping(100_000)\n", level)) > 10_000


@LEVELS
def test_a_program_that_fills_the_disk_leaves_a_recording_that_opens(
    bench: Workbench, level: str
) -> None:
    disk = SmallDisk(bench.folder, "8m")
    assert check(watched(bench, disk, "    ping(100); fill(); ping(50_000)\n", level)) > 1_000


def test_large_texts_and_many_coroutines_leave_a_recording_that_opens(bench: Workbench) -> None:
    disk = SmallDisk(bench.folder, "8m")
    source = """
    print("x" * 1_000_000, file=open(os.devnull, "w")); fill()
    sys.stderr = open(os.devnull, "w")
    many = [greenlet(int) for _ in range(20_000)]
    for one in many: one.switch()
    """
    check(watched(bench, disk, source))


@pytest.mark.parametrize("size", ["4k", "16k", "300k", "900k", "1600k"])
def test_a_disk_too_small_for_any_recording_is_given_as_the_reason(
    bench: Workbench, size: str
) -> None:
    """It says why there is none, as long as there is room for that."""
    disk = SmallDisk(bench.folder, size)
    record = watched(bench, disk, "    ping(1000)\n")
    with pytest.raises(RecordingError, match=f"nothing was recorded in .*: {layout.NO_ROOM}$"):
        Recording(record)
    assert [path.name for path in record.iterdir()] == [layout.META]


def test_a_recording_leaves_some_of_the_disk_to_the_program(bench: Workbench) -> None:
    disk = SmallDisk(bench.folder, "6m")
    source = """
    ping(100_000)
    with open(disk + "/own", "wb") as file: file.write(bytes(300_000))
    """
    record = watched(bench, disk, source)
    check(record)
    assert record.with_name("own").stat().st_size == 300_000
