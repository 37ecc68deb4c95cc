"""`coroplay run` with several programs: prefixes, input, statuses, totals."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Coroplay, Lifeline, Writer
from tests.support.serving import client, server, write_lesson


def run(coroplay: Coroplay, lesson: str, *options: str, given: bytes = b"") -> tuple[int, str, str]:
    done = coroplay("run", "class", "--lessons", lesson, *options, given=given)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("level", ["off", "switches", "lines"])
def test_each_line_says_whose_it_is(coroplay: Coroplay, lesson: str, level: str) -> None:
    status, out, _ = run(coroplay, lesson, "--level", level, given=b"a\nb\n")
    assert out == "one     │ one\nanother │ two a\nanother │ b\nanother │ \n"
    assert status == 0


def test_programs_whose_time_is_the_point_are_recorded_only_if_asked(coroplay: Coroplay) -> None:
    alone = coroplay("run", "3", "--set", "count=1000")
    assert b"times as long as" in alone.stderr
    assert b"recorded in" not in alone.stderr
    asked = coroplay("run", "3", "--set", "count=1000", "--level", "switches")
    assert b"recorded in" in asked.stderr


def test_the_prefix_is_plain_where_the_terminal_knows_no_better(
    coroplay: Coroplay, lesson: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    _, out, _ = run(coroplay, lesson, "--level", "off", "--quiet")
    assert out == "one     | one\nanother | two \n"


def test_one_program_of_the_lesson_runs_without_a_prefix(coroplay: Coroplay, lesson: str) -> None:
    _, out, _ = run(coroplay, lesson, "--program", "one", "--quiet")
    assert out == "one\n"


def test_programs_can_be_chosen(coroplay: Coroplay, lesson: str) -> None:
    chosen = ["--program", "another", "--program", "one", "--program", "one", "--quiet"]
    _, out, _ = run(coroplay, lesson, *chosen)
    assert out == "another │ two \none     │ one\n"


def test_a_parameter_goes_to_the_programs_that_have_it(coroplay: Coroplay, lesson: str) -> None:
    _, out, _ = run(coroplay, lesson, "--set", "count=3", "--quiet")
    assert out == "one     │ one --count 3\nanother │ two \n"


def test_the_totals_are_compared(coroplay: Coroplay, lesson: str) -> None:
    _, _, said = run(coroplay, lesson)
    lines = said.splitlines()
    assert lines[0].startswith("coroplay: one: ended after ")
    assert lines[1] == f"coroplay: one: recorded in {coroplay.recordings[0]}"
    assert lines[2].startswith("coroplay: another: ended after ")
    assert lines[4].startswith("coroplay: while recorded, ")
    assert " times as long as " in lines[4]
    assert lines[5] == "coroplay: recording takes time itself: --level off shows the true ratio"
    assert len(lines) == 6


def test_recordings_in_a_named_folder_have_one_each(coroplay: Coroplay, lesson: str) -> None:
    run(coroplay, lesson, "--record", "kept")
    names = sorted(path.name for path in (coroplay.folder / "kept").iterdir())
    assert names == ["another", "one"]


def test_the_first_failure_is_the_status(coroplay: Coroplay, lesson: str, write: Writer) -> None:
    write("teaching/class/one.py", "import sys  # --count\nsys.exit('no')\n")
    status, out, said = run(coroplay, lesson, "--quiet")
    assert (status, out, said) == (1, "another │ two \n", "one     │ no\n")


@pytest.mark.parametrize("level", ["off", "switches"])
def test_when_time_is_up_all_are_ended(
    coroplay: Coroplay, lesson: str, write: Writer, level: str
) -> None:
    write("teaching/class/one.py", "import signal  # --count\nsignal.pause()\n")
    status, out, said = run(coroplay, lesson, "--timeout", "1", "--level", level)
    assert (status, out) == (124, "")
    assert said.startswith("coroplay: time was up after 1 s\n")


def test_the_host_being_killed_ends_them_all(
    coroplay: Coroplay, lesson: str, write: Writer, lifeline: Lifeline
) -> None:
    write(
        "teaching/class/two.py",
        f"""
        import signal
        line = open({str(lifeline.path)!r}, "w")
        line.write("x")
        line.flush()
        signal.pause()
    """,
    )
    with coroplay.start("run", "class", "--lessons", lesson) as host:
        lifeline.hear(1)
        host.send_signal(signal.SIGKILL)
        assert lifeline.last_words() == b""
        host.communicate()


def test_a_port_in_use_is_the_servers_sentence_and_leaves_the_client_out(
    coroplay: Coroplay,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = coroplay("run", "echo-server", "--set", f"port={port}", given=b"hello\n")
    said = done.stderr.decode()
    assert said.startswith(f"server │ can't listen on port {port}: Address already in use\n")
    assert "Traceback" not in said
    assert (done.returncode, done.stdout) == (1, b"")
    assert len(coroplay.recordings) == 1


def test_a_service_and_its_client_share_a_free_port(coroplay: Coroplay) -> None:
    done = coroplay("run", "echo-server", "--quiet", "--timeout", "30", given=b"hello\n")
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("server │ listening on port ")
    assert any("HELLO" in line for line in lines if line.startswith("client │ "))


def serve(coroplay: Coroplay, folder: Path) -> tuple[int, str, str]:
    done = coroplay("run", "crowd", "--lessons", str(folder), "--level", "off", "--quiet")
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_client_does_not_start_on_a_servers_error_output(
    coroplay: Coroplay, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    waits = f"""
        import signal, sys
        print("no certificate", file=sys.stderr)
        open({str(gate)!r}).read()
        print("listening")
        signal.pause()
    """
    folder = write_lesson(tmp_path / "lessons", server(waits), client("print('served')"))
    command = ["run", "crowd", "--lessons", str(folder), "--level", "off", "--quiet"]
    with coroplay.start(*command) as host:
        assert host.stderr is not None
        assert host.stderr.readline() == "server │ no certificate\n".encode()
        children = psutil.Process(host.pid).children()
        assert not [child for child in children if "client.py" in " ".join(child.cmdline())]
        gate.write_text("open")
        out, _ = host.communicate()
    assert out.decode() == "server │ listening\nclient │ served\n"
    assert host.returncode == 0


def test_a_server_that_fails_cancels_the_client(coroplay: Coroplay, tmp_path: Path) -> None:
    failing = "import sys\nprint('no certificate', file=sys.stderr)\nsys.exit(3)"
    folder = write_lesson(tmp_path / "lessons", server(failing), client("print('in vain')"))
    assert serve(coroplay, folder) == (3, "", "server │ no certificate\n")


def test_ports_of_different_names_are_different_ports(coroplay: Coroplay, tmp_path: Path) -> None:
    shows = "import sys\nprint(*sys.argv[1:])\n"
    programs = server(f"{shows}import signal\nsignal.pause()"), client(shows)
    folder = write_lesson(tmp_path / "lessons", *programs, ports=("port", "admin"))
    _, out, _ = serve(coroplay, folder)
    of_server, of_client = (line.partition(" │ ")[2] for line in out.splitlines())
    assert of_server == of_client
    _, port, _, admin = of_server.split()
    assert port != admin
