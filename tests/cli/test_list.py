"""`coroplay list`, and `coroplay` alone."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Coroplay, Writer


def test_every_lesson_is_a_line_with_its_number_id_title_programs_and_parameters(
    coroplay: Coroplay,
) -> None:
    done = coroplay("list")
    assert done.returncode == 0
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "Generators"
    assert lines[1].split() == [
        *("1", "yield", "yield:", "producer", "and", "consumer", "producer_consumer"),
        *("items=5", "pace=1.0"),
    ]
    numbers = [line.split()[0] for line in lines if line[:4].strip().isdigit()]
    assert numbers == [str(number) for number in range(1, 12)]


def test_a_lessons_further_programs_stand_below_the_first(coroplay: Coroplay) -> None:
    lines = coroplay("list").stdout.decode().splitlines()
    plain = next(number for number, line in enumerate(lines) if " plain " in line)
    assert lines[plain + 1].split() == ["greenlet", "count=1000000"]
    assert lines[plain].index("plain") == lines[plain + 1].index("greenlet")


def test_json_has_it_all(coroplay: Coroplay) -> None:
    lessons = json.loads(coroplay("list", "--json").stdout)
    assert [lesson["number"] for lesson in lessons] == list(range(1, 12))
    first = lessons[0]
    assert first["id"] == "yield"
    assert first["title"] == "yield: producer and consumer"
    assert first["together"] is None
    program = first["programs"][0]
    assert program["name"] == "producer_consumer"
    pace = program["parameters"][1]
    assert (pace["name"], pace["type"], pace["default"]) == ("pace", "float", 1.0)
    assert (pace["minimum"], pace["maximum"]) == (0.0, 10.0)
    assert lessons[2]["together"]["how"] == "in turn"


def test_alone_it_lists_and_says_what_to_type(coroplay: Coroplay) -> None:
    done = coroplay()
    assert done.returncode == 0
    assert done.stdout.startswith(b"Generators\n")
    assert b"coroplay run 1" in done.stdout


@pytest.mark.parametrize("way", ["option", "option before the command", "variable"])
def test_a_teachers_lessons_are_listed_too(
    coroplay: Coroplay, lesson: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {
        "option": ["list", "--lessons", lesson],
        "option before the command": ["--lessons", lesson, "list"],
        "variable": ["list"],
    }[way]
    if way == "variable":
        monkeypatch.setenv("COROPLAY_LESSONS", str(coroplay.folder / lesson))
    assert b"  99  class " in coroplay(*arguments).stdout


def test_a_faulty_lesson_is_a_sentence_and_the_others_are_there(
    coroplay: Coroplay, lesson: str, write: Writer
) -> None:
    write("teaching/broken/lesson.toml", "id = \n")
    done = coroplay("list", "--lessons", lesson)
    assert done.returncode == 0
    assert b"  99  class " in done.stdout
    sentence = done.stderr.decode()
    assert sentence.startswith("coroplay: ")
    assert "broken/lesson.toml" in sentence
    assert "Traceback" not in sentence


def test_a_lesson_cannot_send_the_terminal_orders(coroplay: Coroplay, lesson: str) -> None:
    toml = coroplay.folder / lesson / "class" / "lesson.toml"
    toml.write_text(toml.read_text().replace("A lesson of", "\\u001b[2J of"))
    done = coroplay("list", "--lessons", lesson)
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_terminal_without_the_characters_gets_escapes_instead_of_an_error(
    coroplay: Coroplay, lesson: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = coroplay.folder / lesson / "class" / "lesson.toml"
    toml.write_text(toml.read_text().replace("A lesson of", "课程"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = coroplay("list", "--lessons", lesson)
    assert done.returncode == 0
    assert rb"\u8bfe" in done.stdout


@pytest.mark.parametrize(
    ("choice", "coloured"), [("always", True), ("never", False), ("auto", False)]
)
def test_colour_is_as_asked_for_and_never_in_a_pipe_by_itself(
    coroplay: Coroplay, choice: str, coloured: bool
) -> None:
    assert (b"\x1b[" in coroplay("list", "--color", choice).stdout) is coloured
    assert (b"\x1b[" in coroplay("--color", choice, "list").stdout) is coloured


def test_colour_does_not_change_the_text(coroplay: Coroplay) -> None:
    import re

    coloured = coroplay("list", "--color", "always").stdout
    assert re.sub(rb"\x1b\[\d*m", b"", coloured) == coroplay("list").stdout
