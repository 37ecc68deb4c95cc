"""`coroplay steps` and `coroplay info`: what a recording tells, to a person and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coroplay.coroutine_colours import symbol
from coroplay.probe import accelerator
from tests.cli.conftest import Coroplay, Writer

TALK = r"""
    import sys
    def echo():
        heard = None
        while True:
            heard = yield heard
    voice = echo()
    next(voice)
    voice.send("hi")
    print("\x1b[31mred", end="\n")
    print("wrong", file=sys.stderr)
    def broken():
        yield 1
        raise ValueError("oh")
    b = broken()
    next(b)
    try:
        next(b)
    except ValueError:
        voice.close()
"""


@pytest.fixture
def told(coroplay: Coroplay, write: Writer) -> Coroplay:
    """With one recording, of a program that does a little of everything."""
    write("talk.py", TALK)
    done = coroplay("run", "talk.py", "--level", "lines", "--quiet", "--", "x y")
    assert done.returncode == 0
    return coroplay


def whats(output: bytes) -> list[str]:
    """What happens, of each line below the heading."""
    heading, *lines = output.decode().splitlines()
    at = heading.index("what happens")
    return [line[at:] for line in lines]


def objects(coroplay: Coroplay) -> list[dict[str, Any]]:
    return [json.loads(line) for line in coroplay("steps", "last", "--json").stdout.splitlines()]


def test_the_words_say_who_does_what_to_whom(told: Coroplay) -> None:
    done = told("steps", "last")
    assert (done.returncode, done.stderr) == (0, b"")
    words = whats(done.stdout)
    for expected in (
        "main is there from the start",
        "main creates echo",
        "main ▸ echo starts",
        "echo yields None to main",
        "main sends 'hi' into echo",
        "echo yields 'hi' to main",
        "main asks broken for the next value",
        "broken fails with ValueError('oh')",
        "stderr ▌ wrong",
        "main closes echo",
        "echo has ended",
        "main has ended",
    ):
        assert expected in words


def test_a_line_shows_its_source_and_what_has_changed(told: Coroplay) -> None:
    words = whats(told("steps", "last").stdout)
    assert "heard = None" in words
    assert "while True:   heard = None" in words
    assert "while True:   heard = 'hi'" in words


def test_what_a_program_printed_can_give_the_terminal_no_orders(told: Coroplay) -> None:
    done = told("steps", "last")
    assert b"\x1b" not in done.stdout
    assert "▌ ␛[31mred" in whats(done.stdout)


def test_the_columns_line_up(told: Coroplay) -> None:
    heading, *lines = told("steps", "last").stdout.decode().splitlines()
    at = heading.index("coroutine")
    assert {line[at] for line in lines} <= {symbol(one) for one in range(1, 4)}
    assert {line[at - 1] for line in lines} == {" "}


def test_colours_are_there_only_when_asked_for(told: Coroplay) -> None:
    assert b"\x1b[94m" in told("steps", "last", "--color", "always").stdout


def test_a_source_that_has_gone_leaves_the_rest(told: Coroplay) -> None:
    (told.folder / "talk.py").unlink()
    done = told("steps", "last")
    assert done.returncode == 0
    assert "main sends 'hi' into echo" in whats(done.stdout)


def test_every_step_as_json_has_the_common_fields(told: Coroplay) -> None:
    steps = objects(told)
    assert [step["step"] for step in steps] == list(range(len(steps)))
    assert {step["kind"] for step in steps} == {"spawn", "switch", "line", "output", "finish"}
    for step in steps:
        assert isinstance(step["t_ns"], int)
        assert isinstance(step["coroutine"], int)
        assert {"file", "line"} <= step.keys()


def test_each_kind_of_step_has_its_own_fields_as_json(told: Coroplay) -> None:
    steps = objects(told)
    spawn = next(step for step in steps if step["kind"] == "spawn" and step["coroutine"] == 2)
    assert (spawn["name"], spawn["parent"], spawn["coroutine_kind"]) == ("echo", 1, "generator")
    sent = next(step for step in steps if step.get("how") == "send")
    assert (sent["origin"], sent["target"], sent["value"]) == (1, 2, "'hi'")
    assert sent["file"] == str(told.folder / "talk.py")
    assert sent["line"] == 8
    assert {"heard": "'hi'"} in [step["changed"] for step in steps if step["kind"] == "line"]
    outputs = [(s["stream"], s["text"]) for s in steps if s["kind"] == "output"]
    assert ("stdout", "\x1b[31mred\n") in outputs
    assert ("stderr", "wrong\n") in outputs
    failed = next(step for step in steps if step.get("exception"))
    assert failed["exception"] == "ValueError('oh')"
    closed = next(step for step in steps if step["kind"] == "finish" and step["coroutine"] == 2)
    assert (closed["value"], closed["dropped"]) == (None, False)


def test_a_recording_is_found_by_its_path_and_its_name(told: Coroplay) -> None:
    path = told.recordings[0]
    by_path = told("steps", str(path)).stdout
    assert by_path == told("steps", path.name).stdout == told("steps", "last").stdout


def test_info_sums_up(told: Coroplay) -> None:
    done = told("info", "last")
    assert (done.returncode, done.stderr) == (0, b"")
    facts, _, table = done.stdout.decode().partition("\n\n")
    lines = {line[:10].strip(): line[12:] for line in facts.splitlines()}
    assert lines["program"].endswith("talk.py 'x y'")
    assert lines["end"] == "it ended"
    assert lines["level"] == "lines"
    assert lines["elapsed"].endswith(" s")
    assert "2 outputs" in lines["steps"]
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["id", "kind", "name", "parent", "state"]
    assert rows[1] == ["1", "main", "◆", "main", "finished"]
    assert rows[2] == ["2", "generator", "●", "echo", "1", "finished"]
    assert rows[3][:5] == ["3", "generator", "▲", "broken", "1"]
    assert rows[3][5:] == ["failed:", "ValueError('oh')"]


def test_info_as_json(told: Coroplay) -> None:
    told_info = json.loads(told("info", "last", "--json").stdout)
    steps = objects(told)
    counts = told_info["counts"]
    assert counts["steps"] == len(steps)
    for plural, kind in {
        "switches": "switch",
        "lines": "line",
        "outputs": "output",
        "spawns": "spawn",
        "finishes": "finish",
    }.items():
        assert counts[plural] == sum(step["kind"] == kind for step in steps)
    assert told_info["ending"] == {"kind": "exit", "status": 0, "pipe_closed": False}
    assert told_info["arguments"] == ["x y"]
    assert told_info["elapsed_ns"] == steps[-1]["t_ns"]
    assert not told_info["running"]
    person = told_info["coroutines"][2]
    assert (person["id"], person["kind"], person["name"]) == (3, "generator", "broken")
    assert (person["parent"], person["state"]) == (1, "failed")
    assert person["outcome"] == "ValueError('oh')"


@pytest.mark.parametrize(
    ("source", "options", "end"),
    [
        ("raise SystemExit(3)", [], "it ended with status 3"),
        ("import os; os.kill(os.getpid(), 9)", [], "it was ended by SIGKILL"),
        (
            "import signal; signal.pause()",
            ["--timeout", "1"],
            "it was ended because its time was up",
        ),
    ],
)
def test_info_says_how_it_ended(
    coroplay: Coroplay, write: Writer, source: str, options: list[str], end: str
) -> None:
    coroplay("run", write("x.py", source), "--quiet", *options)
    assert f"\nend         {end}\n".encode() in coroplay("info", "last").stdout


def test_info_of_a_program_that_still_runs(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "print('up', flush=True); input()")
    with coroplay.start("run", "x.py", "--record", "record") as host:
        assert host.stdout is not None
        assert host.stdout.readline() == b"up\n"
        assert b"\nend         it is still running\n" in coroplay("info", "record").stdout
        assert json.loads(coroplay("info", "record", "--json").stdout)["running"]
        host.communicate(b"\n")


def test_info_says_where_the_lines_ran_out(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "for n in range(100):\n    pass\n")
    coroplay("run", "x.py", "--level", "lines", "--budget", "10", "--quiet")
    assert b"\nnote        lines are recorded up to step " in coroplay("info", "last").stdout


def test_info_says_what_wrote_it_and_why_it_was_not_the_accelerator(
    coroplay: Coroplay, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COROPLAY_ACCELERATOR", "off")
    coroplay("run", write("x.py", "pass\n"), "--quiet")
    said = b"\nwritten     in Python; no accelerator: COROPLAY_ACCELERATOR is off\n"
    assert said in coroplay("info", "last").stdout


@pytest.mark.skipif(accelerator.module is None, reason=f"none here: {accelerator.why_not}")
def test_info_says_that_the_accelerator_wrote_it(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", "pass\n"), "--quiet")
    assert b"\nwritten     by the accelerator, in C\n" in coroplay("info", "last").stdout


def test_many_switches_are_counted_right(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "def count():\n    yield from range(70_000)\nfor n in count(): pass\n")
    coroplay("run", "x.py", "--quiet")
    counted = json.loads(coroplay("info", "last", "--json").stdout)["counts"]
    switches = [step for step in objects(coroplay) if step["kind"] == "switch"]
    assert counted["switches"] == len(switches) >= 140_000
