"""The built-in lessons are complete, agree with their lesson.toml, and read well."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from coroplay.lessons import Lesson, Program, built_in, load, schema

CATALOGUE = load([built_in()])
SCRIPTS = sorted(built_in().glob("*/*.py"))
WIDEST = 72


def programs() -> Iterator[tuple[Lesson, Program]]:
    for lesson in CATALOGUE.lessons:
        for program in lesson.programs:
            yield lesson, program


def options(file: Path) -> dict[str, object]:
    """The default of each of a script's --options, as argparse is given them."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="add_argument"), args=[ast.Constant(value=str(name))]
            ):
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                found[name.removeprefix("--")] = ast.literal_eval(named["default"])
    return found


def test_all_eleven_lessons_are_there() -> None:
    assert not CATALOGUE.faults, "\n".join(map(str, CATALOGUE.faults))
    assert [(lesson.order, lesson.id) for lesson in CATALOGUE.lessons] == [
        (1, "yield"),
        (2, "greenlet"),
        (3, "switch-cost"),
        (4, "gevent-basics"),
        (5, "switch-on-wait"),
        (6, "monkey-patching"),
        (7, "sync-async"),
        (8, "crawler"),
        (9, "echo-server"),
        (10, "limits"),
        (11, "queue"),
    ]


def test_each_group_is_one_block_of_the_list() -> None:
    groups = [lesson.group for lesson in CATALOGUE.lessons]
    blocks = [group for n, group in enumerate(groups) if n == 0 or groups[n - 1] != group]
    assert len(blocks) == len(set(groups))


@pytest.mark.parametrize("lesson", CATALOGUE.lessons, ids=lambda lesson: lesson.id)
@pytest.mark.parametrize("text", ["README.md", "README.zh.md"])
def test_each_lesson_has_its_text_in_both_languages(lesson: Lesson, text: str) -> None:
    content = (lesson.folder / text).read_text(encoding="utf-8")
    assert content.startswith(f"# {lesson.order} · ")
    assert content.count("\n## ") == 2
    for program in lesson.programs:
        if len(lesson.programs) > 1:
            assert f"`{program.name}`" in content or lesson.id == "switch-cost"


@pytest.mark.parametrize(
    "program", [program for _, program in programs()], ids=lambda program: program.file.stem
)
def test_a_program_takes_the_parameters_of_its_lesson_with_the_same_defaults(
    program: Program,
) -> None:
    theirs = options(program.file)
    ours = {p.name: p.argument(p.default) for p in program.parameters}
    assert {name: str(theirs[name]) for name in ours} == ours


def test_only_the_crowd_takes_an_option_that_its_lesson_does_not_name() -> None:
    extra = {
        (program.name, name)
        for _, program in programs()
        for name in options(program.file)
        if name not in {parameter.name for parameter in program.parameters}
    }
    assert extra == {("crowd", "port")}


@pytest.mark.parametrize(
    "script", SCRIPTS, ids=lambda script: f"{script.parent.name}/{script.stem}"
)
def test_a_script_is_short_and_narrow_enough_to_be_read_in_a_pane(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 90
    assert max(map(len, lines)) <= WIDEST
    assert lines[0].startswith('"""')


def test_the_echo_servers_client_is_given_something_to_type() -> None:
    client = CATALOGUE.find("echo-server").program("client")
    assert client.reads_input
    assert client.stand_in == "hello\nis anybody there?\n"


def test_the_producer_of_lesson_one_is_the_main_coroutine() -> None:
    assert CATALOGUE.find("1").programs[0].main == "producer"


GUIDE = (built_in() / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "meanings",
    [schema.LESSON, schema.PROGRAM, schema.PARAMETER, schema.TOGETHER],
    ids=["lesson", "program", "parameter", "together"],
)
def test_the_guide_explains_every_key(meanings: dict[str, str]) -> None:
    cells = re.findall(r"^\| (`.*?`) \|", GUIDE, re.MULTILINE)
    explained = {key for cell in cells for key in cell.split(", ")}
    assert {f"`{key}`" for key in meanings} <= explained


def test_the_lesson_in_the_guide_is_sound(tmp_path: Path) -> None:
    home = tmp_path / "20_ping_pong"
    home.mkdir()
    for language, file in (("python", "ping_pong.py"), ("toml", "lesson.toml")):
        block = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
        assert block
        (home / file).write_text(block[1])
    catalogue = load([built_in(), tmp_path])
    assert not catalogue.faults
    program = catalogue.find("ping-pong").programs[0]
    assert options(program.file) == {"pace": program.parameters[0].default}


def test_every_lesson_file_is_formatted_alike() -> None:
    for lesson in CATALOGUE.lessons:
        content = tomllib.loads((lesson.folder / "lesson.toml").read_text(encoding="utf-8"))
        keys = list(content)
        assert keys[:6] == ["id", "title", "summary", "order", "group", "watch"]
