"""Every fault that a lesson.toml can have names its place and how to mend it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coroplay.lessons import Fault, load

SOUND = """\
id = "ping"
title = "Ping"
summary = "A ball goes to and fro."
order = 20
group = "Mine"
watch = ["The ball."]

[[programs]]
name = "ball"
file = "ball.py"
title = "The ball"

[[programs.parameters]]
name = "pace"
type = "float"
default = 0.5
minimum = 0.0
maximum = 5.0
help = "seconds"

[[programs.parameters]]
name = "colour"
type = "choice"
default = "red"
choices = ["red", "blue"]
help = "of the ball"

[[programs]]
name = "court"
file = "court.py"
title = "The court"

[[programs.parameters]]
name = "port"
type = "port"
default = 0
help = "where"

[together]
programs = ["ball", "court"]
how = "at once"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "20_ping"
    home.mkdir()
    for name in ("ball.py", "court.py"):
        (home / name).write_text("print()\n")
    return home


def faults_of(folder: Path, text: str) -> list[Fault]:
    (folder / "lesson.toml").write_text(text)
    return list(load([folder.parent]).faults)


def test_a_sound_lesson_has_no_fault(folder: Path) -> None:
    (folder / "lesson.toml").write_text(SOUND)
    catalogue = load([folder.parent])
    assert not catalogue.faults
    assert [lesson.id for lesson in catalogue.lessons] == ["ping"]


PACE = "programs[ball].parameters[pace]"
COLOUR = "programs[ball].parameters[colour]"
PORT = "programs[court].parameters[port]"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "ping"\n', "", "id: is missing; add it: a name to type"),
        ('id = "ping"', 'id = "Ping!"', "id: can't be 'Ping!'; make it a name to type, of a-z"),
        ('id = "ping"', 'id = "12"', "id: is only digits; numbers mean the order, so add a letter"),
        ('title = "Ping"', "title = 5", "title: must be a text, not 5; put it in quotes"),
        ('title = "Ping"', 'title = " "', "title: is empty; make it one line"),
        ('"Ping"', '"a\\u001b[2Jb"', "title: holds a line break or another control character;"),
        ('title = "Ping"', 'titel = "Ping"', "titel: is unknown here; did you mean 'title'?"),
        ('"Ping"', '"Ping"\n"\\u001b" = 1', r"'\x1b': is unknown here; choose from: group, id,"),
        ("order = 20", "order = 0", "order: must be a whole number from 1 to 9999, not 0;"),
        ("order = 20", 'order = "20"', "order: must be a whole number from 1 to 9999, not '20';"),
        ("order = 20", "order = true", "order: must be a whole number from 1 to 9999, not true;"),
        ("order = 20", f"order = 0x{'f' * 9999}", "order: must be a whole number from 1 to 9999,"),
        ('["The ball."]', "[]", "watch: has 0 entries; make it a list of one to six sentences"),
        ('["The ball."]', str(["a"] * 7), "watch: has 7 entries; make it a list of one to six"),
        ('["The ball."]', '"The ball."', "watch: must be a list of texts, not 'The ball.'; write"),
        ('["The ball."]', '["a", 3]', "watch: must be a text, not 3; put it in quotes"),
        ('name = "ball"', 'name = "a-b"', "programs[a-b].name: can't be 'a-b'; make it a name"),
        ('name = "ball"\n', "", "programs[number 1].name: is missing; add it: a name to type"),
        ('name = "court"', 'name = "ball"', "programs: has the name 'ball' twice; give one"),
        ('"ball.py"', '"bal.py"', "there is no file 'bal.py' here; did you mean 'ball.py'?"),
        ('"ball.py"', '"../ball.py"', "programs[ball].file: can't be '../ball.py'; make it"),
        ('"The ball"', '"b"\nservice = "no"', "programs[ball].service: must be true or false, not"),
        ('"The ball"', '"b"\nstand_in = "x"', "programs[ball].stand_in: is for programs that read"),
        ('"The ball"', '"b"\nmain = ""', "programs[ball].main: is empty; make it the name that"),
        (
            '"The ball"',
            '"b"\ncolor = 1',
            "programs[ball].color: is unknown here; choose from: file",
        ),
        (
            '"The ball"',
            '"b"\nservice = true\nreads_input = true',
            "programs[ball].service: can't read input; leave out one of",
        ),
        ('"float"', '"flaot"', f"{PACE}.type: can't be 'flaot'; did you mean 'float'?"),
        ('type = "float"\n', "", f"{PACE}.type: is missing; add it: int, float, text, choice"),
        ("default = 0.5\n", "", f"{PACE}.default: is missing; add it: the value when nobody"),
        ("= 0.5", "= 9", f"{PACE}.default: must be a number between 0 and 5, not 9; choose"),
        ("= 0.5", "= nan", f"{PACE}.default: must be a number between 0 and 5, not nan; choose"),
        ("= 0.5", "= true", f"{PACE}.default: must be a number between 0 and 5, not true; choose"),
        ("= 0.5", "= 0.5\ncheck = -1", f"{PACE}.check: must be a number between 0 and 5, not -1;"),
        ("= 0.5", '= 0.5\nchoices = ["a"]', f"{PACE}.choices: does not go with the type float;"),
        ("maximum = 5.0", "maximum = inf", f"{PACE}.maximum: must be a number, not inf; choose"),
        ("minimum = 0.0", "minimum = 7", f"{PACE}.minimum: 7 is above the maximum, 5.0; swap"),
        ('"seconds"', '""', f"{PACE}.help: is empty; make it one line that says what it means"),
        ('"pace"', '"help"', "parameters[help].name: can't be 'help'; choose another:"),
        ('"pace"', '"colour"', "programs[ball].parameters: has the name 'colour' twice; give one"),
        ('"red"\n', '"green"\n', f"{COLOUR}.default: must be one of red, blue, not 'green';"),
        ('choices = ["red", "blue"]\n', "", f"{COLOUR}.choices: is missing; add it: for choice:"),
        ('"red"\n', '"red"\nminimum = 1\n', f"{COLOUR}.minimum: does not go with the type choice;"),
        ("default = 0\n", "default = 70000\n", f"{PORT}.default: must be a port from 0 to 65535"),
        ("default = 0\n", "default = 0\ncheck = 1\n", f"{PORT}.check: does not go with the type"),
        ('["ball", "court"]', '["ball"]', "together.programs: has 1 entries; make it a list of"),
        ('["ball", "court"]', '["ball", "cuort"]', "there is no program 'cuort'; did you mean"),
        ('["ball", "court"]', '["ball", "ball"]', "together.programs: has the name 'ball' twice;"),
        ('"at once"', '"at onec"', "together.how: can't be 'at onec'; did you mean 'at once'?"),
        ('"at once"', '"at once"\ncompare = 1', "together.compare: must be true or false, not 1;"),
        (SOUND[SOUND.index("[[programs]]") :], "", "programs: is missing; add one [[programs]]"),
        (SOUND[SOUND.index("[[programs]]") :], "programs = 3", "programs: must be tables; write"),
        (SOUND[SOUND.index("[together]") :], "together = 3", "parameters[port].together: is unkn"),
    ],
)
def test_a_fault_names_key_problem_and_mend(folder: Path, old: str, new: str, fault: str) -> None:
    assert old in SOUND
    faults = faults_of(folder, SOUND.replace(old, new, 1))
    assert any(fault in str(found) for found in faults), "\n".join(map(str, faults))
    assert {found.file for found in faults} == {folder / "lesson.toml"}


def test_together_must_be_a_table(folder: Path) -> None:
    text = "together = 3\n" + SOUND[: SOUND.index("[together]")]
    (fault,) = faults_of(folder, text)
    assert fault.key == "together"
    assert fault.mend == "write it under a line [together]"


def test_parameters_must_be_tables(folder: Path) -> None:
    text = SOUND.replace('title = "The ball"', "parameters = [1]", 1)
    text = text.replace(text[text.index("[[programs.par") : text.rindex("[[programs]]")], "", 1)
    mends = [fault.mend for fault in faults_of(folder, text)]
    assert "write each under a line [[programs.parameters]]" in mends


@pytest.mark.parametrize("how", ["in turn", "at once"])
def test_a_service_needs_a_program_beside_it_that_uses_it(folder: Path, how: str) -> None:
    text = SOUND.replace('"at once"', f'"{how}"').replace('"The court"', '"c"\nservice = true')
    faults = faults_of(folder, text)
    assert [fault.key for fault in faults] == ["programs[court].service"] * (how == "in turn")


@pytest.mark.parametrize(
    ("content", "key", "problem"),
    [
        (b'id = "a"\ntitle = \n', "line 2", "is not TOML: Invalid value"),
        (b'id = "a', "the end of the file", "is not TOML: Unterminated string"),
        (b'id = "a"\n# \xff\n', "line 2", "is not UTF-8"),
        (b"x = " + b"[" * 9999, "the file", "is nested too deeply"),
        (b"x = " + b"9" * 9999, "the end of the file", "is not TOML: Exceeds the limit"),
    ],
)
def test_a_fault_of_toml_is_reported_with_its_line(
    folder: Path, content: bytes, key: str, problem: str
) -> None:
    (folder / "lesson.toml").write_bytes(content)
    (fault,) = load([folder.parent]).faults
    assert (fault.key, fault.file) == (key, folder / "lesson.toml")
    assert fault.problem.startswith(problem)


def test_a_lesson_file_that_is_no_file_is_a_fault(folder: Path) -> None:
    os.mkfifo(folder / "lesson.toml")
    (fault,) = load([folder.parent]).faults
    assert fault.problem == "is missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_lesson_file_is_a_fault(folder: Path) -> None:
    (folder / "lesson.toml").write_text(SOUND)
    (folder / "lesson.toml").chmod(0)
    (fault,) = load([folder.parent]).faults
    assert fault.problem == "can't be read: Permission denied"


VALUES = ["", '"x"', "3", "-1", "0.5", "nan", "true", "[]", '["a"]', "{}", "[[]]", "1979-05-27"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    line=st.integers(0, SOUND.count("\n") - 1),
    value=st.sampled_from(VALUES) | st.text(max_size=8),
)
def test_a_lesson_with_any_value_changed_never_raises(folder: Path, line: int, value: str) -> None:
    lines = SOUND.splitlines()
    lines[line] = f"{lines[line].partition('=')[0]}= {value}"
    (folder / "lesson.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    catalogue = load([folder.parent])
    assert bool(catalogue.faults) != bool(catalogue.lessons)
    assert all(str(fault) for fault in catalogue.faults)
