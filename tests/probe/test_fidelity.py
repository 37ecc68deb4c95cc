"""A watched program is the program: the same bytes, the same exit status, the same signal."""

from __future__ import annotations

import sys
import textwrap

import pytest

from tests.support.accelerators import expect_failure, is_traced_in_python
from tests.support.comparing import Comparing
from tests.support.programs import ROOT, Result, Workbench
from tests.support.whole_programs import PROGRAMS

LEVELS = ("lines", "switches")


@pytest.fixture(scope="module")
def comparing(tmp_path_factory: pytest.TempPathFactory) -> Comparing:
    bench = Workbench(tmp_path_factory.mktemp("programs"))
    return Comparing(bench, PROGRAMS, "a", "b", stdin=b"hello\nrest")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_watched_program_behaves_as_a_plain_one(
    comparing: Comparing, name: str, level: str
) -> None:
    comparing.check(name, level)


@pytest.mark.parametrize("level", LEVELS)
def test_a_watched_program_recurses_as_deep_but_for_a_few_calls(
    bench: Workbench, level: str, accelerator: str
) -> None:
    """At the very limit there is no room left for the hook that is told of the last calls.

    Without the accelerator, the probe's own frames below the program count as well.
    """
    script = bench.script("""
        import sys, threading, greenlet
        def d(n):
            try: return d(n + 1)
            except RecursionError: return n
        print(d(0))
        sys.setrecursionlimit(300); print(d(0))
        thread = threading.Thread(target=lambda: print(d(0))); thread.start(); thread.join()
        greenlet.greenlet(lambda: print(d(0))).switch()
        sys.setrecursionlimit(2000); print(d(0))
    """)
    expected = bench.plain(script).stdout.split()
    seen = bench.watched(bench.new_record(), script, level=level).stdout.split()
    assert len(seen) == len(expected) == 5
    most = 4 if accelerator == "c" else 24
    assert all(0 <= int(a) - int(b) <= most for a, b in zip(expected, seen, strict=True))


def test_a_dict_of_locals_is_not_refreshed_by_watching(
    bench: Workbench, request: pytest.FixtureRequest, accelerator: str
) -> None:
    expect_failure(
        request,
        is_traced_in_python(accelerator),
        "the interpreter refreshes the dict of locals() for every trace function in Python",
    )
    script = bench.script("""
        def f():
            d = locals(); y = 2
            print(sorted(d), sorted(vars()), dir())
            exec("z = 1"); print(sorted(d), eval("y"))
        f()
    """)
    assert bench.watched(bench.new_record(), script) == bench.plain(script)


def test_a_local_that_is_replaced_is_freed_at_once(
    bench: Workbench, request: pytest.FixtureRequest, accelerator: str
) -> None:
    expect_failure(
        request,
        is_traced_in_python(accelerator),
        "`frame.f_locals` makes a dict that the frame keeps: a local that is replaced lives on in"
        " it to the next line, and a generator freed there, within the hook, is never seen to end",
    )
    script = bench.script("""
        class Thing:
            def __del__(self): print("gone")
        def f():
            a = Thing()
            b = 1
            a = None; print("after")
        f()
    """)
    assert bench.watched(bench.new_record(), script) == Result(0, b"gone\nafter\n", b"")


@pytest.mark.parametrize("level", LEVELS)
def test_an_unbuffered_program_behaves_as_a_plain_one(bench: Workbench, level: str) -> None:
    script = bench.script("""
        import sys, os
        print("out", end=""); os.write(1, b"|"); sys.stderr.write("err\\n")
        sys.stdout.buffer.write(b"raw"); os.write(1, b"|")
        print(sys.stdout.line_buffering, sys.stdout.write_through, type(sys.stdout.buffer))
        print(sys.stdout, sys.stdout.buffer)
    """)
    expected = bench.plain(script, PYTHONUNBUFFERED="1")
    record = bench.new_record()
    assert bench.watched(record, script, level=level, PYTHONUNBUFFERED="1") == expected


@pytest.mark.parametrize("level", LEVELS)
def test_bytes_leave_the_process_at_the_same_moments(bench: Workbench, level: str) -> None:
    script = bench.script("""
        import os, sys
        for size in (1, 5000, 9000, 70000):
            print("x" * size); os.write(1, b"|")
            sys.stdout.buffer.write(b"y" * size); os.write(1, b"|")
        sys.stderr.write("a"); os.write(2, b"|"); sys.stderr.write("b\\n"); os.write(2, b"|")
    """)
    record = bench.new_record()
    assert bench.watched(record, script, level=level) == bench.plain(script)


def test_line_buffered_output_leaves_line_by_line(bench: Workbench) -> None:
    source = """
        print("one"); os.write(1, b"|"); print("two", end=""); os.write(1, b"|")
        sys.stdout.write("three"); os.write(1, b"|")
    """
    by_line = bench.script("import os, sys\n" + textwrap.dedent(source), "by_line.py")
    plain = bench.script(
        "import os, sys\nsys.stdout.reconfigure(line_buffering=True)\n" + textwrap.dedent(source),
        "plain.py",
    )
    result = bench.watched(bench.new_record(), by_line, options=["--line-buffered"])
    assert result == bench.plain(plain)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("target", ["tool", "package", "package.inner"])
def test_a_module_runs_as_after_the_option_m(bench: Workbench, target: str, level: str) -> None:
    show = """
        import sys
        print(sys.argv, __name__, __spec__.name, __package__, sys.path[0], __file__)
    """
    bench.script(show + "    1 / 0\n", "tool.py")
    bench.script("print('init', __name__)\n", "package/__init__.py")
    bench.script(
        "from . import other\n" + "import sys; print(sys.argv, __name__)\n", "package/__main__.py"
    )
    bench.script("print('other', __package__)\n", "package/other.py")
    bench.script("import sys; print(__name__, __package__); sys.exit(5)\n", "package/inner.py")
    expected = bench.plain("-m", target, "a", "-b")
    result = bench.watched(bench.new_record(), "-m", target, "a", "-b", level=level)
    assert result == expected


def test_a_missing_module_is_reported_as_plain_python_does(bench: Workbench) -> None:
    expected = bench.plain("-m", "no_such_module_here")
    result = bench.watched(bench.new_record(), "-m", "no_such_module_here")
    assert result.status == expected.status
    message = b": No module named no_such_module_here\n"
    assert result.stderr.endswith(message)
    assert expected.stderr.endswith(message)


def test_files_beside_the_program_hide_nothing_from_the_probe(bench: Workbench) -> None:
    """A student's file may be called as one of the modules that the probe itself uses."""
    names = "ast linecache json greenlet re struct mmap typing decimal datetime fractions numbers"
    for name in names.split():
        bench.script("print('imported by mistake')\n", f"{name}.py")
    script = bench.script("def f():\n    x = 1\n    return x\nprint(f())\n")
    assert bench.watched(bench.new_record(), script) == Result(0, b"1\n", b"")


@pytest.mark.parametrize("level", LEVELS)
def test_without_room_for_a_recording_the_program_runs_all_the_same(
    bench: Workbench, level: str
) -> None:
    script = bench.script("import sys\nprint('x')\n1 / 0\n")
    missing = bench.folder / "missing"
    assert bench.watched(missing, script, level=level) == bench.plain(script)


def test_without_a_recording_the_exit_status_is_the_programs(bench: Workbench) -> None:
    script = bench.script("import sys\nsys.exit(9)\n")
    assert bench.watched(bench.folder / "missing", script).status == 9


def test_wrong_options_say_that_the_probe_is_not_started_by_hand(bench: Workbench) -> None:
    result = bench.plain("-m", "coroplay.probe", "--nonsense")
    assert result.status == 1
    assert result.stdout == b""
    assert b"started by coroplay" in result.stderr


if sys.version_info >= (3, 12):

    def test_tools_of_sys_monitoring_stay_free_for_the_program(bench: Workbench) -> None:
        script = bench.script("""
            import sys
            for tool in (0, 1, 2, 5):
                sys.monitoring.use_tool_id(tool, "mine")
            print("all mine")
        """)
        assert bench.watched(bench.new_record(), script) == Result(0, b"all mine\n", b"")

    def test_a_process_that_the_program_forks_has_none_of_the_probes_events(
        bench: Workbench,
    ) -> None:
        script = bench.script("""
            import os, sys
            def work():
                return sum(n for n in range(3))
            work()
            if os.fork() == 0:
                api = sys.monitoring
                for tool in range(6):
                    if api.get_tool(tool) is None:
                        api.use_tool_id(tool, "mine")
                        print(api.get_local_events(tool, work.__code__), end=" ", flush=True)
                os._exit(0)
            os.wait()
        """)
        assert bench.plain(script) == Result(0, b"0 " * 6, b"")
        assert bench.watched(bench.new_record(), script) == bench.plain(script)


@pytest.mark.parametrize("target", ["program.py", "-m program"])
def test_a_safe_path_is_honoured(bench: Workbench, target: str) -> None:
    bench.script("import sys; print(sys.path, sys.flags.safe_path)\n")
    path = f"{ROOT}:{bench.folder}"
    expected = bench.plain(*target.split(), PYTHONSAFEPATH="1", PYTHONPATH=path)
    assert expected.status == 0
    record = bench.new_record()
    watched = bench.watched(record, *target.split(), PYTHONSAFEPATH="1", PYTHONPATH=path)
    assert watched == expected
