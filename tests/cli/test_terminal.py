"""What only a terminal shows: Ctrl-C, colours, typing to one of several programs."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Writer
from tests.cli.terminals import Terminal


@pytest.mark.parametrize("level", ["off", "switches", "lines"])
def test_ctrl_c_is_the_programs_business(terminal: Terminal, write: Writer, level: str) -> None:
    write(
        "x.py",
        """
        import signal
        try:
            print("up")
            while True:
                pass
        except KeyboardInterrupt:
            print("interrupted")
            raise SystemExit(5)
    """,
    )
    with terminal.start("run", "x.py", "--level", level, "--quiet") as host:
        terminal.see(b"up\r\n")
        terminal.type(b"\x03")
        assert b"interrupted\r\n" in terminal.see_all()
        assert host.wait() == 5


def test_ctrl_c_ends_a_program_that_does_not_catch_it_as_it_would_without_coroplay(
    terminal: Terminal, write: Writer
) -> None:
    write("x.py", "print('up')\nwhile True: pass")
    with terminal.start("run", "x.py", "--level", "off") as host:
        terminal.see(b"up\r\n")
        terminal.type(b"\x03")
        said = terminal.see_all()
        assert host.wait() == 130
    assert b"KeyboardInterrupt" in said
    assert b"coroplay: ended by SIGINT after " in said


def test_a_program_that_lives_through_ctrl_c_goes_on(terminal: Terminal, write: Writer) -> None:
    write(
        "x.py",
        """
        import signal
        heard = []
        signal.signal(signal.SIGINT, lambda *_: heard.append("not me"))
        print("up")
        while not heard:
            pass
        print(*heard)
    """,
    )
    with terminal.start("run", "x.py", "--quiet") as host:
        terminal.see(b"up\r\n")
        terminal.type(b"\x03")
        terminal.see(b"not me\r\n")
        assert host.wait() == 0


def test_the_program_knows_that_it_has_a_terminal(terminal: Terminal, write: Writer) -> None:
    write("x.py", "import os; print([os.isatty(n) for n in range(3)])")
    with terminal.start("run", "x.py", "--quiet") as host:
        assert terminal.see_all() == b"[True, True, True]\r\n"
        assert host.wait() == 0


@pytest.mark.parametrize(
    ("name", "value", "coloured"),
    [("NO_COLOR", "", True), ("NO_COLOR", "1", False), ("TERM", "dumb", False)],
)
def test_a_terminal_gets_colours_unless_it_does_not_want_them(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    coloured: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    with terminal.start("list"):
        assert (b"\x1b[1m" in terminal.see_all()) is coloured


def test_alone_on_a_terminal_it_opens_the_playground(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    with terminal.start():
        terminal.see(b"\x1b[?1049h")  # The screen is now the app's.
        terminal.see(b"producer and consumer")


@pytest.mark.parametrize(("typed", "seen"), [("5", b"gevent switches"), ("x.py", b"x.py")])
def test_with_something_to_open_it_opens_the_playground_there(
    terminal: Terminal,
    write: Writer,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    seen: bytes,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    write("x.py", "print(1)\n")
    with terminal.start(typed) as app:
        terminal.see(b"Step through")
        terminal.see(seen)
        terminal.type(b"q")
        assert app.wait() == 0


def test_alone_on_a_terminal_that_can_draw_nothing_it_lists(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal.start() as host:
        assert terminal.see_all().startswith(b"Generators\r\n")
        assert host.wait() == 0


SERVICE_AND_PERSON = """
    id = "talk"
    title = "Talk"
    summary = "A service, and a program that a person types to."
    order = 98
    group = "Own"
    watch = ["Who reads what is typed."]

    [[programs]]
    name = "service"
    file = "service.py"
    title = "The service"
    service = true

    [[programs]]
    name = "person"
    file = "person.py"
    title = "The one who reads"
    reads_input = true

    [together]
    programs = ["service", "person"]
    how = "at once"
"""


@pytest.fixture
def talk(write: Writer) -> str:
    write("teaching/talk/lesson.toml", SERVICE_AND_PERSON)
    write("teaching/talk/README.md", "# Talk\n")
    write(
        "teaching/talk/service.py",
        """
        import signal
        print("ready")
        while True:
            signal.pause()
    """,
    )
    write(
        "teaching/talk/person.py",
        """
        while True:
            try:
                line = input("> ")
            except EOFError:
                break
            print("heard", line)
        print("bye")
    """,
    )
    return "teaching"


def test_one_of_several_programs_reads_what_is_typed_and_prompts_without_newline(
    terminal: Terminal, talk: str
) -> None:
    with terminal.start(
        "run", "talk", "--lessons", talk, "--level", "off", "-q", "--color", "never"
    ) as host:
        assert terminal.see(b"> ") == "service │ ready\r\nperson  │ > ".encode()
        terminal.type(b"hello\n")
        assert terminal.see(b"> ") == "hello\r\nperson  │ heard hello\r\nperson  │ > ".encode()
        terminal.type(b"\x04")
        assert terminal.see_all() == b"bye\r\n"
        assert host.wait() == 0


def screen(data: bytes, columns: int) -> list[str]:
    """The lines that a terminal of that width shows: one waits at its last column to wrap."""
    rows, at = [[" "] * columns], 0
    for character in data.decode():
        if character == "\n":
            rows.append([" "] * columns)
        elif character == "\r":
            at = 0
        else:
            if at == columns:
                rows.append([" "] * columns)
                at = 0
            rows[-1][at] = character
            at += 1
    return ["".join(row).rstrip() for row in rows]


@pytest.mark.parametrize("level", ["off", "lines"])
@pytest.mark.parametrize("left", ["", "x", "no end of line", "x" * 39, "x" * 40, "whole\\n"])
def test_the_summary_begins_a_line_of_its_own(
    terminal: Terminal, write: Writer, level: str, left: str
) -> None:
    terminal.resize(40)
    write("x.py", f"print('first')\nprint('{left}', end='')")
    with terminal.start("run", "x.py", "--level", level) as host:
        shown = screen(terminal.see_all(), 40)
        assert host.wait() == 0
    last = left.replace("\\n", "")
    assert shown[: 2 if last else 1] == ["first", last][: 2 if last else 1]
    assert shown[2 if last else 1].startswith("coroplay: ended after ")
