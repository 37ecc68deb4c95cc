"""`coroplay check-lessons`, as a lesson's author runs it."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.cli.conftest import Coroplay, Lifeline, Writer
from tests.support.serving import client, server, write_lesson


def test_a_good_lesson_is_said_to_be_good(coroplay: Coroplay, lesson: str) -> None:
    done = coroplay("check-lessons", lesson)
    assert done.stderr == b""
    assert done.stdout.decode().splitlines() == [
        "ok     class: one",
        "ok     class: another",
        "no faults",
    ]
    assert done.returncode == 0


def test_a_fault_names_the_file_the_key_and_the_mend(
    coroplay: Coroplay, lesson: str, write: Writer
) -> None:
    write("teaching/broken/lesson.toml", 'id = "broken"\n')
    done = coroplay("check-lessons", lesson)
    faults = [line for line in done.stdout.decode().splitlines() if line.startswith("fault")]
    assert any("broken/lesson.toml: title: " in fault for fault in faults)
    assert b"ok     class: one\n" in done.stdout
    assert done.returncode == 1


def test_a_program_that_fails_is_a_fault_with_its_last_words(
    coroplay: Coroplay, lesson: str, write: Writer
) -> None:
    write("teaching/class/two.py", "raise ValueError('this is why')\n")
    done = coroplay("check-lessons", lesson)
    assert b"ended with status 1: ValueError: this is why" in done.stdout
    assert done.stdout.endswith(b"\n1 fault\n")
    assert done.returncode == 1


def test_a_number_that_a_built_in_lesson_has_is_a_fault(coroplay: Coroplay, lesson: str) -> None:
    toml = coroplay.folder / lesson / "class" / "lesson.toml"
    toml.write_text(toml.read_text().replace("order = 99", "order = 1"))
    done = coroplay("check-lessons", lesson)
    assert b"class/lesson.toml: order: 1 is taken by " in done.stdout
    assert done.returncode == 1


def test_one_lesson_alone_can_be_checked(coroplay: Coroplay, lesson: str) -> None:
    done = coroplay("check-lessons", f"{lesson}/class")
    assert done.stdout.endswith(b"no faults\n")


def test_the_host_being_told_to_end_ends_the_check(
    coroplay: Coroplay, lesson: str, write: Writer, lifeline: Lifeline
) -> None:
    write(
        "teaching/class/one.py",
        f"""
        import signal  # --count
        line = open({str(lifeline.path)!r}, "w")
        line.write("x")
        line.flush()
        signal.pause()
    """,
    )
    with coroplay.start("check-lessons", lesson) as host:
        lifeline.hear(1)
        host.send_signal(signal.SIGTERM)
        assert lifeline.last_words() == b""
        _, said = host.communicate()
    assert (host.returncode, said) == (143, b"coroplay: ended by SIGTERM\n")


def test_a_service_that_fails_is_the_only_fault_of_those_that_need_it(
    coroplay: Coroplay, tmp_path: Path
) -> None:
    failing = "import sys\nsys.exit('no certificate')"
    folder = write_lesson(tmp_path / "lessons", server(failing), client("print('in vain')"))
    done = coroplay("check-lessons", str(folder))
    fault, summary = done.stdout.decode().splitlines()
    ended = "is a service, but ended by itself with status 1: no certificate"
    assert f"lesson.toml: programs[server]: {ended}; see what it says" in fault
    assert (summary, done.returncode) == ("1 fault", 1)
