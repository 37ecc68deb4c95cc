"""`coroplay run` with one program: it is as if it were run without coroplay, and is recorded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coroplay.trace import Recording, Switch
from tests.cli.conftest import COMMAND, Coroplay, Lifeline, Result, Writer
from tests.support.mounts import SmallDisk, read_only

LEVELS = ["off", "switches", "lines"]

HOLD = """
    import signal, subprocess, sys
    grandchild = "import sys, signal; line = open(sys.argv[1], 'w'); line.write('g'); "
    grandchild += "line.flush(); signal.pause()"
    subprocess.Popen([sys.executable, "-c", grandchild, sys.argv[1]])
    line = open(sys.argv[1], "w")
    line.write("c")
    line.flush()
    signal.pause()
"""


@pytest.mark.parametrize("level", LEVELS)
def test_output_is_the_programs_own_byte_for_byte(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    write(
        "bytes.py",
        r"""
        import os, sys
        os.write(1, b"\xff\x00 no text\r\n")
        print("text", end="")
        print("wrong", file=sys.stderr)
    """,
    )
    done = coroplay("run", "bytes.py", "--level", level, "--quiet")
    assert done.stdout == b"\xff\x00 no text\r\ntext"
    assert done.stderr == b"wrong\n"
    assert done.returncode == 0


@pytest.mark.parametrize("level", LEVELS)
def test_input_is_the_programs_own_byte_for_byte(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    write("echo.py", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])")
    given = bytes(range(256)) * 1000
    done = coroplay("run", "echo.py", "--level", level, "--quiet", given=given)
    assert done.stdout == given[::-1]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("raise SystemExit(0)", 0),
        ("raise SystemExit(42)", 42),
        ("raise SystemExit('a message')", 1),
        ("1 / 0", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 143),
        ("import os; os._exit(7)", 7),
    ],
)
def test_the_exit_status_is_the_programs_own(
    coroplay: Coroplay, write: Writer, level: str, source: str, status: int
) -> None:
    done = coroplay("run", write("x.py", source), "--level", level)
    assert done.returncode == status


@pytest.mark.parametrize("source", ["def f(:\n", "print('\\xff')  # \xff"])
def test_a_program_that_is_not_python_gets_pythons_own_words(
    coroplay: Coroplay, source: str
) -> None:
    (coroplay.folder / "x.py").write_bytes(source.encode("latin-1"))
    plain = subprocess.run(
        [sys.executable, "x.py"], cwd=coroplay.folder, capture_output=True, check=False
    )
    done = coroplay("run", "x.py", "--quiet")
    assert done.returncode == 1
    assert done.stderr == plain.stderr


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("x.py one two", ["x.py", "one", "two"]),
        ("x.py one --level lines -q", ["x.py", "one", "--level", "lines", "-q"]),
        ("x.py -- --level lines", ["x.py", "--level", "lines"]),
        ("x.py -- -- x", ["x.py", "--", "x"]),
        ("./x.py", ["./x.py"]),
    ],
)
def test_what_follows_the_target_goes_to_the_program(
    coroplay: Coroplay, write: Writer, level: str, typed: str, seen: list[str]
) -> None:
    write("x.py", "import sys; print(sys.argv)")
    done = coroplay("run", "--level", level, "--quiet", *typed.split())
    assert done.stdout.decode() == f"{seen}\n"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("typed", ["-m pack.mod a --quiet", "-m pack.mod -- a --quiet"])
def test_a_module_is_run_as_python_runs_it(
    coroplay: Coroplay, write: Writer, level: str, typed: str
) -> None:
    write("pack/mod.py", "import sys; print(__name__, __package__, sys.argv[1:])")
    done = coroplay("run", "-q", "--level", level, *typed.split())
    assert done.stdout == b"__main__ pack ['a', '--quiet']\n"


def test_a_modules_options_are_its_own_after_the_dashes(coroplay: Coroplay, write: Writer) -> None:
    write("mod.py", "import sys; print(sys.argv[1:])")
    done = coroplay("run", "-m", "mod", "-q", "--", "--record", "x")
    assert done.stdout == b"['--record', 'x']\n"


def test_a_lesson_by_number_by_id_and_with_parameters(coroplay: Coroplay) -> None:
    by_number = coroplay("run", "1", "--set", "pace=0", "--set", "items=1", "--quiet")
    by_id = coroplay("run", "yield", "--set", "pace=0", "--set", "items=1", "--quiet")
    assert by_number.stdout == by_id.stdout
    assert by_number.stdout.count(b"\n") == 3


def test_a_file_is_run_where_no_lesson_has_its_name(coroplay: Coroplay, write: Writer) -> None:
    write("game", "print('a game')")
    assert coroplay("run", "game", "-q").stdout == b"a game\n"


def test_the_summary_is_on_standard_error(coroplay: Coroplay, write: Writer) -> None:
    done = coroplay("run", write("x.py", "print('out')"))
    assert done.stdout == b"out\n"
    ended, recorded = done.stderr.decode().splitlines()
    assert ended.startswith("coroplay: ended after 0.")
    assert ended.endswith(" s · 0 switches · 1 coroutine")
    assert recorded == f"coroplay: recorded in {coroplay.recordings[0]}"


def test_the_summary_tells_a_failure_and_a_signal(coroplay: Coroplay, write: Writer) -> None:
    failed = coroplay("run", write("x.py", "raise SystemExit(3)"))
    assert failed.stderr.startswith(b"coroplay: ended with status 3 after 0.")
    killed = coroplay("run", write("x.py", "import os; os.kill(os.getpid(), 9)"))
    assert killed.stderr.startswith(b"coroplay: ended by SIGKILL after 0.")


def test_the_summary_names_the_lessons_other_programs(coroplay: Coroplay) -> None:
    done = coroplay("run", "gevent-basics", "--set", "pace=0.1")
    assert b"the lesson also has joinall, results: --program NAME runs one" in done.stderr


def test_the_summary_tells_when_the_lines_ran_out(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "for n in range(100):\n    pass\n")
    done = coroplay("run", "x.py", "--level", "lines", "--budget", "10")
    assert b"lines are recorded up to step " in done.stderr


def test_level_off_records_nothing(coroplay: Coroplay, write: Writer) -> None:
    done = coroplay("run", write("x.py", ""), "--level", "off")
    assert done.stderr.startswith(b"coroplay: ended after 0.")
    assert coroplay.recordings == []


def test_a_recording_can_be_put_somewhere_else(coroplay: Coroplay, write: Writer) -> None:
    done = coroplay("run", write("x.py", ""), "--record", "a/b")
    assert b"recorded in a/b" in done.stderr
    assert (coroplay.folder / "a" / "b" / "ending.json").exists()
    assert coroplay.recordings == []


def test_without_a_place_for_recordings_the_run_goes_on(
    coroplay: Coroplay, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("not-a-folder", "")
    monkeypatch.setenv("XDG_STATE_HOME", str(coroplay.folder / "not-a-folder"))
    done = coroplay("run", write("x.py", "print('on')"), "--quiet")
    assert (done.returncode, done.stdout) == (0, b"on\n")
    assert b"can't be written to: Not a directory; the run goes on unrecorded" in done.stderr
    assert b"(XDG_STATE_HOME names another folder to keep recordings in)" in done.stderr


def test_old_recordings_go_when_there_are_too_many(
    coroplay: Coroplay, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    coroplay("run", write("x.py", ""), "--quiet")
    coroplay("run", "x.py", "--quiet")
    assert len(coroplay.recordings) == 2
    monkeypatch.setenv("COROPLAY_RECORDINGS_LIMIT", "0")
    coroplay("run", "x.py", "--quiet")
    assert len(coroplay.recordings) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_when_time_is_up_the_program_ends_with_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("hold.py", HOLD)
    with coroplay.start(
        "run", "--timeout", "3", "--level", level, "hold.py", str(lifeline.path)
    ) as host:
        lifeline.hear(2)
        assert lifeline.last_words() == b""
        _, said = host.communicate()
    assert host.returncode == 124
    assert said.startswith(b"coroplay: time was up after 3 s\n")


def test_a_program_that_does_not_listen_is_ended_all_the_same(
    coroplay: Coroplay, write: Writer
) -> None:
    write("deaf.py", "import signal\nsignal.signal(15, signal.SIG_IGN)\nwhile True: signal.pause()")
    done = coroplay("run", "deaf.py", "--timeout", "1", "--level", "off", "--quiet")
    assert done.returncode == 124


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("level", LEVELS)
def test_a_signal_to_the_host_ends_the_program_and_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str, number: signal.Signals
) -> None:
    write("hold.py", HOLD)
    with coroplay.start("run", "--level", level, "hold.py", str(lifeline.path)) as host:
        lifeline.hear(2)
        host.send_signal(number)
        assert lifeline.last_words() == b""
        _, said = host.communicate()
    assert host.returncode == 128 + number
    assert said.startswith(f"coroplay: ended by {number.name}\n".encode())


def test_a_host_started_with_hangups_ignored_leaves_them_ignored(
    coroplay: Coroplay, write: Writer
) -> None:
    write(
        "x.py",
        """
        import os, signal
        os.kill(os.getppid(), signal.SIGHUP)
        print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
    """,
    )
    command = ["nohup", *COMMAND, "run", "x.py", "--quiet"]
    done = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"True\n")


@pytest.mark.parametrize("level", LEVELS)
def test_the_host_being_killed_ends_the_program_and_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("hold.py", HOLD)
    with coroplay.start("run", "--level", level, "hold.py", str(lifeline.path)) as host:
        lifeline.hear(2)
        host.kill()
        assert lifeline.last_words() == b""
        host.communicate()


@pytest.mark.parametrize("level", LEVELS)
def test_a_reader_that_goes_away_is_told(coroplay: Coroplay, write: Writer, level: str) -> None:
    write("x.py", "while True: print('y')")
    reader, writer = os.pipe()
    with coroplay.start("run", "x.py", "--level", level, out=writer) as host:
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        _, said = host.communicate()
    assert host.returncode == 1
    assert b"BrokenPipeError" in said
    assert b"coroplay: the reader of the program's output went away before it was done\n" in said


@pytest.mark.parametrize("level", LEVELS)
def test_a_closed_output_stays_closed(coroplay: Coroplay, write: Writer, level: str) -> None:
    write("x.py", "import sys; sys.exit(sys.stdout is not None)")
    command = '"$0" -m coroplay run x.py --quiet --level "$1" >&-'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, level],
        cwd=coroplay.folder,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_recording_is_private(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", ""), "--quiet")
    for path in (coroplay.recordings[0], coroplay.recordings[0].parent):
        assert path.stat().st_mode & 0o077 == 0


def test_no_process_stays_behind(coroplay: Coroplay, write: Writer, lifeline: Lifeline) -> None:
    """The guardian would hold what the program holds if it had been given anything."""
    write("x.py", "import sys; open(sys.argv[1], 'w').write('x')")
    coroplay("run", "x.py", str(lifeline.path), "--quiet")
    lifeline.hear(1)
    assert lifeline.last_words() == b""


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("target", ["sub/world.py", "-m sub.world"])
def test_the_program_finds_the_world_as_without_coroplay(
    coroplay: Coroplay, write: Writer, level: str, target: str
) -> None:
    write(
        "sub/world.py",
        """
        import multiprocessing, os, sys

        def child(): print("child", __name__, flush=True)

        if __name__ == "__main__":
            print(__file__, __package__, sys.path, sys.argv, sys.flags, os.getcwd())
            print(sorted(set(os.environ) - {"COROPLAY_RUN", "_", "LC_CTYPE"}), flush=True)
            process = multiprocessing.get_context("spawn").Process(target=child)
            process.start()
            process.join()
        """,
    )
    plain = subprocess.run(
        [sys.executable, *target.split()], cwd=coroplay.folder, capture_output=True, check=True
    )
    done = coroplay("run", "--level", level, "--quiet", *target.split())
    assert done.stdout == plain.stdout
    assert (done.returncode, done.stderr) == (0, plain.stderr)


def test_a_program_in_another_folder_finds_what_lies_beside_it(
    coroplay: Coroplay, write: Writer
) -> None:
    write("sub/helper.py", "word = 'found'")
    write("sub/x.py", "import helper; print(helper.word)")
    assert coroplay("run", "sub/x.py", "-q").stdout == b"found\n"


@pytest.mark.parametrize("level", LEVELS)
def test_files_that_hide_pythons_own_modules_do_not_disturb(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    for name in ("json", "types", "warnings", "psutil", "coroplay", "runpy"):
        write(f"{name}.py", "raise SystemExit('hidden!')")
    write("sub/x.py", "print('fine')")
    command = [sys.executable, "-P", "-m", "coroplay", "run", "-q", "--level", level, "sub/x.py"]
    done = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=False)
    assert done.stdout == b"fine\n"
    assert done.stderr == b""


def test_a_path_that_is_not_utf8_can_be_run(coroplay: Coroplay) -> None:
    name = b"caf\xe9.py"
    try:
        Path(os.fsdecode(bytes(coroplay.folder) + b"/" + name)).write_text("print('ok')")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    done = subprocess.run(
        [*COMMAND, "run", name, "--level", "off"],
        cwd=coroplay.folder,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"ok\n")


def elsewhere(coroplay: Coroplay, command: list[str], state: Path) -> Result:
    """Run a command whose state folder is that one."""
    environment = {**os.environ, "XDG_STATE_HOME": os.fspath(state)}
    return subprocess.run(
        command, cwd=coroplay.folder, env=environment, capture_output=True, check=False
    )


def test_a_full_disk_is_told_with_what_to_do(coroplay: Coroplay, write: Writer) -> None:
    disk = SmallDisk(coroplay.folder, "400k")
    command = disk.command([*COMMAND, "run", write("x.py", "print('on')")])
    done = elsewhere(coroplay, command, disk.folder)
    assert (done.returncode, done.stdout) == (0, b"on\n")
    said = b": the disk is full, or nearly so; make room there, or name another folder for"
    assert said in done.stderr
    assert b"recordings in XDG_STATE_HOME" in done.stderr


def test_a_read_only_state_folder_is_told_with_what_to_do(
    coroplay: Coroplay, write: Writer, tmp_path: Path
) -> None:
    """What was recorded there before can still be looked at."""
    elsewhere(coroplay, [*COMMAND, "run", write("x.py", "print('on')")], tmp_path)
    done = elsewhere(coroplay, read_only(tmp_path, [*COMMAND, "run", "x.py"]), tmp_path)
    assert (done.returncode, done.stdout) == (0, b"on\n")
    assert b"can't be written to: Read-only file system; the run goes on" in done.stderr
    assert b"(XDG_STATE_HOME names another folder to keep recordings in)" in done.stderr
    told = elsewhere(coroplay, read_only(tmp_path, [*COMMAND, "steps", "last"]), tmp_path)
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"main has ended" in told.stdout


@pytest.mark.parametrize("most", [6, 8, 10, 12])
def test_a_limit_on_descriptors_is_told_or_enough(
    coroplay: Coroplay, write: Writer, most: int
) -> None:
    """Whether so many are enough may change: there is a recording and the output, or a sentence."""
    limited = ["sh", "-c", f'ulimit -n {most} && exec "$@"', "sh"]
    command = [*limited, *COMMAND, "run", write("x.py", "print('on')")]
    done = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=False)
    if done.returncode == 0:
        assert done.stdout == b"on\n"
        assert len(coroplay.recordings) == 1
    else:
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr == b"coroplay: x can't be started: Too many open files\n"
        assert coroplay.recordings == []


BUSY = """
    import sys
    from greenlet import getcurrent, greenlet
    line = open(sys.argv[1], "w")
    def other():
        while True:
            getcurrent().parent.switch()
    two = greenlet(other)
    for n in range(2000):
        two.switch()
    line.write("x")
    line.flush()
    while True:
        two.switch()
"""


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_a_killed_host_leaves_a_recording_that_is_whole(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("busy.py", BUSY)
    with coroplay.start("run", "busy.py", "--level", level, "--", str(lifeline.path)) as host:
        lifeline.hear(1)
        host.send_signal(signal.SIGKILL)
        assert lifeline.last_words() == b""
        host.communicate()
    (record,) = coroplay.recordings
    with Recording(record) as recording:
        steps = list(recording)
        assert sum(isinstance(step, Switch) for step in steps) > 4000
        assert len(recording.state(len(steps) - 1).running) == 1
