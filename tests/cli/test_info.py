"""`coroplay info`: a recording summed up, for a person and as JSON."""

from __future__ import annotations

import json
import sys

import pytest

from coroplay.probe.base import accelerator
from tests.cli.conftest import Coroplay, Writer, objects


def test_info_sums_up(recorded: Coroplay) -> None:
    done = recorded("info", "last")
    assert (done.returncode, done.stderr) == (0, b"")
    facts, _, table = done.stdout.decode().partition("\n\n")
    lines = {line[:10].strip(): line[12:] for line in facts.splitlines()}
    assert lines["program"].endswith("talk.py 'x y'")
    assert lines["end"] == "ended"
    assert lines["level"] == "lines"
    assert lines["elapsed"].endswith(" s")
    assert "2 outputs" in lines["steps"]
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["id", "kind", "name", "creator", "state"]
    assert rows[1] == ["1", "main", "◆", "main", "finished"]
    assert rows[2] == ["2", "generator", "●", "echo", "closed"]
    assert rows[3][:4] == ["3", "generator", "▲", "broken"]
    assert rows[3][4:] == ["failed:", "ValueError('oh')"]


def test_info_as_json(recorded: Coroplay) -> None:
    summed_up = json.loads(recorded("info", "last", "--json").stdout)
    steps = objects(recorded)
    counts = summed_up["counts"]
    assert counts["steps"] == len(steps)
    for plural, kind in {
        "switches": "switch",
        "lines": "line",
        "outputs": "output",
        "spawns": "spawn",
        "finishes": "finish",
    }.items():
        assert counts[plural] == sum(step["kind"] == kind for step in steps)
    assert summed_up["ending"] == {"kind": "exit", "status": 0, "pipe_closed": False}
    assert summed_up["arguments"] == ["x y"]
    assert 0 <= summed_up["elapsed_ns"] - steps[-1]["t_ns"] < 50_000_000
    assert not summed_up["running"]
    person = summed_up["coroutines"][2]
    assert (person["id"], person["kind"], person["name"]) == (3, "generator", "broken")
    assert (person["creator"], person["state"]) == (None, "failed")
    assert person["outcome"] == "ValueError('oh')"


@pytest.mark.parametrize(
    ("source", "options", "end"),
    [
        ("raise SystemExit(3)", [], "ended with status 3"),
        ("import os; os.kill(os.getpid(), 9)", [], "ended by SIGKILL"),
        (
            "import signal; signal.pause()",
            ["--timeout", "1"],
            "stopped: its time was up",
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
        assert b"\nend         still running\n" in coroplay("info", "record").stdout
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


@pytest.mark.skipif(not accelerator.used, reason=f"none here: {accelerator.why_not}")
def test_info_says_that_the_accelerator_wrote_it(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", "pass\n"), "--quiet")
    assert b"\nwritten     by the accelerator, in C\n" in coroplay("info", "last").stdout


def test_many_switches_are_counted_right(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", "def count():\n    yield from range(70_000)\nfor n in count(): pass\n")
    coroplay("run", "x.py", "--quiet")
    counted = json.loads(coroplay("info", "last", "--json").stdout)["counts"]
    switches = [step for step in objects(coroplay) if step["kind"] == "switch"]
    assert counted["switches"] == len(switches) >= 140_000


@pytest.mark.parametrize("accelerator", ["on", "off"])
@pytest.mark.parametrize("level", ["switches", "lines"])
def test_info_says_what_a_trace_function_of_the_programs_hides(
    coroplay: Coroplay,
    write: Writer,
    monkeypatch: pytest.MonkeyPatch,
    accelerator: str,
    level: str,
) -> None:
    if accelerator == "off":
        monkeypatch.setenv("COROPLAY_ACCELERATOR", "off")
    source = """
        import sys
        def numbers():
            yield 1
        sys.settrace(lambda *event: None)
        list(numbers())
        sys.settrace(None)
    """
    done = coroplay("run", write("x.py", source), "--level", level)
    hides = sys.version_info < (3, 12)
    assert (b"had a trace function of its own" in done.stderr) == hides
    note = coroplay("info", "last").stdout.decode()
    assert ("\nnote        from step " in note) == hides
    at = json.loads(coroplay("info", "last", "--json").stdout)["notes"]["own_trace_at"]
    assert (at is not None) == hides


def test_info_tells_coroutines_of_one_name_apart(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", "def f(): yield\nfor _ in range(2): list(f())\n"))
    rows = coroplay("info", "last").stdout.decode().partition("\n\n")[2].splitlines()
    assert [row.split()[3:5] for row in rows[2:]] == [["f", "#1"], ["f", "#2"]]
