"""The control channel goes away in the middle of a step: the program goes on, to its own end."""

from __future__ import annotations

from coroplay.trace import Line, layout
from tests.support.programs import Workbench
from tests.support.steering import Steered, line_of

LONG = """
    import sys
    n = 0
    print("begun", flush=True)
    for line in sys.stdin: n += int(line)
    print(n)
    sys.exit(n)
"""


def test_a_program_runs_to_its_end_when_the_host_hangs_up_during_a_step(bench: Workbench) -> None:
    """The step is one that takes until there is input."""
    script = bench.script(LONG)
    with Steered(bench.new_record(), [script]) as steered:
        steered.go(do="until", file=script, line=line_of(script, "for line in"))
        steered.say(do="step", to="line")
        assert steered.hear() == {"running": True}
        steered.hang_up()
        assert steered.end(b"3\n4\n") == (7, b"begun\n7\n", b"")
        with steered.recording() as recording:
            assert recording.notes.silent_why == ""
            lines = [one.place.line for one in recording if isinstance(one, Line) and one.place]
            assert lines[-1] == line_of(script, "sys.exit(n)")


CLOSES = """
    import os, sys
    print("begun", flush=True)
    os.closerange(3, 1000)
    print("closed")
    def gen(): yield 1
    n = sum(gen())
    sys.exit(n)
"""


def test_a_program_that_closes_the_channel_during_a_step_runs_to_its_end(bench: Workbench) -> None:
    script = bench.script(CLOSES)
    with Steered(bench.new_record(), [script]) as steered:
        steered.go(do="until", file=script, line=line_of(script, "os.closerange"))
        steered.say(do="step", to="line")
        assert steered.hear() == {"running": True}
        assert steered.hear() is None
        assert steered.end() == (1, b"begun\nclosed\n", b"")


OWN = """
    import os, socket, sys
    ours, theirs = socket.socketpair()
    theirs.send(b"for the program alone\\n")
    os.closerange(700, 1000)
    for number in range(700, 720): os.dup2(ours.fileno(), number)
    print("closed", flush=True)
    sys.stdin.readline()
    n = 1
    theirs.setblocking(False)
    try: print(theirs.recv(99))
    except BlockingIOError: print("nothing written")
    print(os.read(719, 99), os.fstat(700).st_ino == os.fstat(719).st_ino)
"""


def test_a_socket_of_the_programs_in_its_place_is_left_alone(bench: Workbench) -> None:
    script = bench.script(OWN)
    with Steered(bench.new_record(), [script]) as steered:
        steered.say(do="run")
        assert steered.hear() == {"running": True}
        assert steered.process.stdout is not None
        assert steered.process.stdout.readline() == b"closed\n"
        with (steered.record / layout.ATTENTION).open("r+b") as attention:
            attention.write(b"\1")
        expected = b"nothing written\nb'for the program alone\\n' True\n"
        assert steered.end(b"\n") == (0, expected, b"")


def test_a_forked_process_closes_no_file_in_its_place(bench: Workbench) -> None:
    source = """
        import os
        os.closerange(700, 1000)
        own = os.open("own", os.O_RDWR | os.O_CREAT)
        for number in range(700, 720): os.dup2(own, number)
        if not os.fork():
            for number in range(700, 720): os.fstat(number)
            os._exit(0)
        print(os.wait()[1])
    """
    with Steered(bench.new_record(), [bench.script(source)]) as steered:
        steered.say(do="run")
        assert steered.end() == (0, b"0\n", b"")


def test_without_room_for_a_recording_nothing_of_the_channel_is_left(bench: Workbench) -> None:
    """The host sees at once that nobody listens, and the program that no number is taken."""
    source = """
        import os
        print(sorted(os.listdir("/dev/fd"), key=int)[:4], flush=True)
        input()
    """
    script = bench.script(source)
    record = bench.new_record()
    (record / "texts").mkdir()
    plain = bench.plain(script, stdin=b"\n")
    with Steered(record, [script]) as steered:
        assert steered.hello is None
        assert steered.end(b"\n") == (0, plain.stdout, b"")
