"""Everything that can be typed wrong: one clear sentence each, with the right status."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.conftest import COMMAND, Coroplay, Writer

AS_ROOT = os.geteuid() == 0


def sentence_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """The only line of standard error, which has to be a sentence of coroplay's."""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1, done.stderr.decode()
    assert lines[0].startswith("coroplay: ")
    assert done.stdout == b""
    return lines[0].removeprefix("coroplay: ")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("run gevent-basic", 3, "did you mean 'gevent-basics'?"),
        ("run 12", 3, "there is no lesson '12'"),
        ("run", 2, "say what to run"),
        ("run missing.py", 2, "there is no script missing.py"),
        ("run sub/missing", 2, "there is no script sub/missing"),
        ("run .", 2, ". is a folder"),
        ("run -", 2, "standard input"),
        ("run 1 -m module", 2, "not both"),
        ("run -m", 2, "expected one argument"),
        ("run 1 --program other", 2, "has no program 'other': choose from: producer_consumer"),
        ("run 1 --set speed=3", 2, "has no parameter speed; it has items, pace"),
        ("run 2 --set speed=3", 2, "has no parameter speed; it has none"),
        ("run 1 --set pace", 2, "--set takes NAME=VALUE, not 'pace'"),
        ("run 1 --set pace=fast", 2, "pace must be a number between 0 and 10, not 'fast'"),
        ("run 1 --set pace=11", 2, "pace must be a number between 0 and 10, not '11'"),
        ("run 1 --set items=0", 2, "items must be a whole number"),
        ("run 1 --fast", 2, "no option --fast; if it is for the program, put it after --"),
        ("run 1 --level all", 2, "invalid choice: 'all'"),
        ("run 1 --timeout soon", 2, "it must be a number of seconds above 0, not 'soon'"),
        ("run 1 --timeout 0", 2, "it must be a number of seconds above 0, not '0'"),
        ("run 1 --budget few", 2, "it must be a whole number of lines, not 'few'"),
        ("run 1 --level off --record x", 2, "--level off records nothing"),
        ("steps nothing", 3, "there is no recording nothing"),
        ("steps last", 3, "there is no recording in"),
        ("info .", 3, "is not a recording"),
        ("info /dev/null", 3, "a recording is a folder"),
        ("info", 2, "RECORDING"),
        ("lessons", 2, "there is no command lessons"),
        ("99", 3, "there is no lesson '99'"),
        ("5", 2, "the playground needs a terminal; without one: coroplay run 5"),
        ("mine.py", 2, "there is no script mine.py"),
        (".", 3, "is not a recording"),
        ("list --color purple", 2, "invalid choice: 'purple'"),
        ("list --lessons nowhere", 2, "nowhere is not a folder"),
        ("check-lessons nowhere", 3, "there is no folder nowhere"),
        ("completion cmd.exe", 2, "invalid choice: 'cmd.exe'"),
    ],
)
def test_what_is_typed_wrong_is_one_sentence(
    coroplay: Coroplay, typed: str, status: int, said: str
) -> None:
    done = coroplay(*typed.split())
    assert said in sentence_of(done)
    assert done.returncode == status


@pytest.mark.parametrize("typed", ["run \x1b[2J.py", "steps \x9b2J", "\x1b]0;t\x07"])
def test_a_sentence_gives_the_terminal_no_orders(coroplay: Coroplay, typed: str) -> None:
    sentence = sentence_of(coroplay(*typed.split(" ")))
    assert "2J" in sentence or "0;t" in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize("option", ["--program x", "--set x=1"])
def test_lesson_options_are_refused_for_scripts(
    coroplay: Coroplay, write: Writer, option: str
) -> None:
    done = coroplay("run", write("x.py", ""), *option.split())
    assert "is for lessons; what x.py takes goes after --" in sentence_of(done)
    assert done.returncode == 2


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_script_that_may_not_be_read(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "")
    (coroplay.folder / "x.py").chmod(0)
    done = coroplay("run", "x.py")
    assert "x.py can't be read" in sentence_of(done)
    assert done.returncode == 2


def test_a_lesson_that_cannot_be_read(coroplay: Coroplay, lesson: str, write: Writer) -> None:
    write("teaching/broken/lesson.toml", 'id = "broken')
    done = coroplay("run", "broken", "--lessons", lesson)
    first, second = done.stderr.decode().splitlines()
    assert "broken/lesson.toml: " in first
    assert "there is no lesson 'broken'" in second
    assert done.returncode == 3


def test_a_folder_for_the_recording_that_is_not_empty(coroplay: Coroplay, write: Writer) -> None:
    done = coroplay("run", write("x.py", ""), "--record", ".")
    assert "isn't empty; name a new or an empty folder" in sentence_of(done)
    assert done.returncode == 2


def test_a_file_where_the_recording_should_go(coroplay: Coroplay, write: Writer) -> None:
    done = coroplay("run", write("x.py", ""), "--record", "x.py")
    assert "x.py is not a folder" in sentence_of(done)
    assert done.returncode == 2


def test_a_bad_limit_for_the_recordings(
    coroplay: Coroplay, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COROPLAY_RECORDINGS_LIMIT", "much")
    done = coroplay("run", write("x.py", ""))
    assert "COROPLAY_RECORDINGS_LIMIT must be a whole number of megabytes" in sentence_of(done)
    assert done.returncode == 2


@pytest.mark.parametrize("command", ["steps", "info", "info --json"])
@pytest.mark.parametrize("damage", ["foreign", "cut", "empty"])
def test_a_damaged_or_foreign_recording(
    coroplay: Coroplay, write: Writer, command: str, damage: str
) -> None:
    coroplay("run", write("x.py", ""), "--record", "record", "--quiet")
    steps = coroplay.folder / "record" / "steps"
    content = {"foreign": b"something else" * 100, "cut": steps.read_bytes()[:7], "empty": b""}
    steps.write_bytes(content[damage])
    name, *options = command.split()
    done = coroplay(name, "record", *options)
    assert "record" in sentence_of(done)
    assert done.returncode == 3


def test_a_list_whose_reader_has_seen_enough(coroplay: Coroplay) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "list"], stdout=writer, stderr=subprocess.PIPE, check=False, cwd=coroplay.folder
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_list_that_cannot_be_written() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run([*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.stderr == b"coroplay: standard output can't be used: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("closed", "status", "said"),
    [
        (">&-", 1, b"coroplay: standard output is closed, so there is nowhere to print to\n"),
        ("2>&-", 0, b""),
        ("<&-", 0, b""),
    ],
)
def test_closed_descriptors_do_no_harm(
    coroplay: Coroplay, closed: str, status: int, said: bytes
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m coroplay list {closed}', sys.executable],
        cwd=coroplay.folder,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, said)


def test_help_and_version(coroplay: Coroplay) -> None:
    assert coroplay("--version").stdout.startswith(b"coroplay ")
    for command in ("list", "run", "steps", "info", "check-lessons", "completion"):
        done = coroplay(command, "--help")
        assert done.returncode == 0
        assert done.stdout.startswith(b"usage: coroplay ")
