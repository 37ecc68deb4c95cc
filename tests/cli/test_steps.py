"""`coroplay steps`: what a recording says step by step, to a person and as JSON."""

from __future__ import annotations

import json
from typing import Any

from coroplay.coroutine_colours import symbol
from coroplay.trace import Line, Output, Recording
from coroplay.trace.view import explain
from tests.cli.conftest import Coroplay, Result, Writer, objects

SENDS = (
    "main sends 'hi' into echo, which goes on from its yield on line 5. "
    "main is suspended at line 8 until echo answers."
)
ASKS = (
    "main asks broken for its next value, which goes on from its yield on line 12. "
    "main is suspended at line 17 until broken answers."
)


def whats(output: bytes) -> list[str]:
    """What happens, of each line below the heading."""
    heading, *lines = output.decode().splitlines()
    at = heading.index("what happens")
    return [line[at:] for line in lines]


def test_a_step_is_the_sentence_that_the_app_shows(recorded: Coroplay) -> None:
    done = recorded("steps", "last")
    assert (done.returncode, done.stderr) == (0, b"")
    words = whats(done.stdout)
    for expected in (
        "The program starts. What runs first goes by the name of main.",
        "echo, a generator, is first seen. Its body does not run before it is asked for a value.",
        "main starts echo. main is suspended at line 7 until echo yields.",
        "echo yields None and is suspended at line 5; main goes on at line 7.",
        SENDS,
        ASKS,
        "broken fails at line 13: ValueError('oh').",
        "main writes “wrong” to standard error.",
        "echo ends at line 5: it was closed, and will not go on.",
        "main has come to its end, and the program with it.",
    ):
        assert expected in words
    with Recording(recorded.recordings[0]) as recording:
        for index, step in enumerate(recording):
            if not isinstance(step, Line | Output):
                assert words[index].startswith(explain(recording, index).text)


def test_a_line_shows_its_source_and_the_changes(recorded: Coroplay) -> None:
    words = whats(recorded("steps", "last").stdout)
    assert "heard = None" in words
    assert "while True:   heard is now None." in words
    assert "while True:   heard is now 'hi'." in words


def test_no_change_and_no_value_is_cut_or_left_out(coroplay: Coroplay, write: Writer) -> None:
    many = "".join(f"v{n} = {n}; " for n in range(8))
    write("x.py", f"def f():\n    {many}text = 'x' * 50\n    print(text * 9)\nf()\n")
    coroplay("run", "x.py", "--quiet")
    words = whats(coroplay("steps", "last").stdout)
    changes = ", ".join(["v0 is now 0", *(f"v{n} {n}" for n in range(1, 8))])
    assert f"print(text * 9)   {changes}, text '{'x' * 50}'." in words
    assert f"main prints “{'x' * 450}”." in words


def test_a_step_says_what_its_sentence_leaves_out(coroplay: Coroplay, write: Writer) -> None:
    source = """
        from greenlet import greenlet
        def work():
            return 7
        print(greenlet(work).switch())
    """
    coroplay("run", write("x.py", source), "--quiet")
    words = whats(coroplay("steps", "last").stdout)
    assert (
        "work has ended; control goes to its parent main, which goes on at line 4.   (with 7)"
    ) in words


def test_what_a_program_printed_can_give_the_terminal_no_orders(recorded: Coroplay) -> None:
    done = recorded("steps", "last")
    assert b"\x1b" not in done.stdout
    assert "main prints “␛[31mred”." in whats(done.stdout)


def test_the_columns_line_up(recorded: Coroplay) -> None:
    heading, *lines = recorded("steps", "last").stdout.decode().splitlines()
    at = heading.index("coroutine")
    assert {line[at] for line in lines} <= {symbol(one) for one in range(1, 4)}
    assert {line[at - 1] for line in lines} == {" "}


def test_colours_are_there_only_when_asked_for(recorded: Coroplay) -> None:
    assert b"\x1b[94m" in recorded("steps", "last", "--color", "always").stdout


def test_a_source_that_has_gone_leaves_the_rest(recorded: Coroplay) -> None:
    (recorded.folder / "talk.py").unlink()
    done = recorded("steps", "last")
    assert done.returncode == 0
    assert "broken fails at line 13: ValueError('oh')." in whats(done.stdout)
    assert "main is about to run line 7. voice is now echo." in whats(done.stdout)


def test_every_step_as_json_has_the_common_fields(recorded: Coroplay) -> None:
    steps = objects(recorded)
    assert [step["step"] for step in steps] == list(range(len(steps)))
    assert {step["kind"] for step in steps} == {"spawn", "switch", "line", "output", "finish"}
    for step in steps:
        assert isinstance(step["t_ns"], int)
        assert isinstance(step["coroutine"], int)
        assert {"file", "line"} <= step.keys()


def test_each_kind_of_step_has_its_own_fields_as_json(recorded: Coroplay) -> None:
    steps = objects(recorded)
    spawn = next(step for step in steps if step["kind"] == "spawn" and step["coroutine"] == 2)
    assert (spawn["name"], spawn["creator"], spawn["coroutine_kind"]) == ("echo", None, "generator")
    sent = next(step for step in steps if step.get("how") == "send")
    assert (sent["origin"], sent["target"], sent["value"]) == (1, 2, "'hi'")
    assert sent["file"] == str(recorded.folder / "talk.py")
    assert sent["line"] == 8
    assert {"heard": "'hi'"} in [step["changed"] for step in steps if step["kind"] == "line"]
    outputs = [(s["stream"], s["text"]) for s in steps if s["kind"] == "output"]
    assert ("stdout", "\x1b[31mred\n") in outputs
    assert ("stderr", "wrong\n") in outputs
    failed = next(step for step in steps if step.get("exception"))
    assert failed["exception"] == "ValueError('oh')"
    closed = next(step for step in steps if step["kind"] == "finish" and step["coroutine"] == 2)
    assert (closed["how"], closed["value"], closed["never_ran"]) == ("closed", None, False)


def test_a_recording_is_found_by_its_path_and_its_name(recorded: Coroplay) -> None:
    path = recorded.recordings[0]
    by_path = recorded("steps", str(path)).stdout
    assert by_path == recorded("steps", path.name).stdout == recorded("steps", "last").stdout


MANY = """
    from greenlet import getcurrent, greenlet
    def ping(n):
        for i in range(n):
            main.switch(i)
    def pong():
        main.switch("pong")
    main = getcurrent()
    first, second = greenlet(ping), greenlet(ping)
    first.switch(2); second.switch(2); greenlet(pong).switch()
"""


def numbers(done: Result) -> list[int]:
    """The numbers of the steps in a table."""
    return [int(line.split()[0]) for line in done.stdout.splitlines()[1:]]


def is_about(step: dict[str, Any], coroutines: list[int]) -> bool:
    found = {step["coroutine"], step.get("origin"), step.get("target")}
    return not found.isdisjoint(coroutines)


def test_steps_can_be_chosen(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", MANY), "--quiet")
    steps = objects(coroplay)
    born = [step for step in steps if step["kind"] == "spawn"]
    pings = [step["coroutine"] for step in born if step["name"].startswith("ping")]
    for options, expected in (
        (["--kind", "line"], [one for one in steps if one["kind"] == "line"]),
        (
            ["--kind", "spawn", "--kind", "finish"],
            [one for one in steps if one["kind"] in ("spawn", "finish")],
        ),
        (["--coroutine", "ping"], [one for one in steps if is_about(one, pings)]),
        (["--coroutine", "ping #2"], [one for one in steps if is_about(one, pings[1:])]),
        (["--coroutine", str(pings[0])], [one for one in steps if is_about(one, pings[:1])]),
        (["--from", "5", "--to", "9"], steps[5:10]),
        (["--own", "--kind", "switch"], [s for s in steps if s["kind"] == "switch" and s["file"]]),
    ):
        chosen = [one["step"] for one in expected]
        assert 0 < len(chosen) < len(steps)
        assert numbers(coroplay("steps", "last", *options)) == chosen
        told = coroplay("steps", "last", "--json", *options).stdout.splitlines()
        assert [json.loads(line)["step"] for line in told] == chosen


def test_that_nobody_is_called_so_is_said(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", "print(1)"), "--quiet")
    done = coroplay("steps", "last", "--coroutine", "nobody")
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr == b"coroplay: no coroutine is called nobody: coroplay info lists them\n"


def test_the_table_says_where_lines_stop(coroplay: Coroplay, write: Writer) -> None:
    coroplay("run", write("x.py", MANY), "--quiet", "--budget", "3")
    words = coroplay("steps", "last").stdout.decode().splitlines()
    (at,) = (n for n, line in enumerate(words) if line.startswith("from step "))
    assert words[at].startswith(f"from step {words[at + 1].split()[0]} on, lines are not recorded")
