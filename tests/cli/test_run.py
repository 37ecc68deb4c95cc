"""`coroplay run` with one program: it is as if it were run without coroplay, and is recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Coroplay, Writer

LEVELS = ["off", "switches", "lines"]


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
def test_a_reader_that_goes_away_is_told(coroplay: Coroplay, write: Writer, level: str) -> None:
    write("x.py", "while True: print('y')")
    reader, writer = os.pipe()
    with coroplay.start("run", "x.py", "--level", level, out=writer) as host:
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        _, said = host.communicate()
    # From Python 3.14 on, the stream's larger buffer fails once more when it is closed.
    assert host.returncode == (120 if sys.version_info >= (3, 14) else 1)
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


@pytest.mark.parametrize("level", ["off", "switches", "lines"])
def test_the_environment_of_a_program_has_one_variable_more(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    write("x.py", "import os; print(*sorted(os.environ))")
    command = [sys.executable, "x.py"]
    plain = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=True)
    watched = coroplay("run", "x.py", "--level", level, "--quiet").stdout.split()
    assert set(watched) - set(plain.stdout.split()) == {b"COROPLAY_RUN"}
