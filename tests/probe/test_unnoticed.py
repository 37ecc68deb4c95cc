"""What a program finds if it looks for it: nothing that other code would take for the program's."""

from __future__ import annotations

import pytest

from tests.support.programs import Workbench

OBJECTS = """
import gc, greenlet
from collections import Counter
main = greenlet.getcurrent()
looked_for = {
    "lock", "RLock", "Thread", "_MainThread", "greenlet", "socket", "Popen", "Handler",
    "FileIO", "BufferedReader", "BufferedWriter", "BufferedRandom", "TextIOWrapper",
}
kinds = Counter(type(one).__name__ for one in gc.get_objects())
print({name: kinds[name] for name in sorted(looked_for)})
"""
MODULES = "import sys; print(*sys.modules)"
CHANGING = {
    "asyncio", "concurrent", "gevent", "logging", "multiprocessing", "queue", "select", "selectors",
    "socket", "ssl", "subprocess", "threading", "_queue", "_socket", "_ssl", "_posixsubprocess",
}  # fmt: skip
"""Modules that make others do something else once they are there."""
NEEDED = {
    "__future__", "annotationlib", "ast", "atexit", "collections", "contextlib", "copyreg",
    "coroplay", "ctypes", "enum", "errno", "fcntl", "functools", "gc", "greenlet", "importlib",
    "io", "itertools", "json", "keyword", "linecache", "mmap", "opcode", "operator", "re",
    "reprlib", "resource", "runpy", "signal", "struct", "types", "typing", "warnings", "weakref",
}  # fmt: skip
"""Modules that are there before the program begins, but for those whose names begin with `_`."""
DESCRIPTORS = "import os; print(len(os.listdir('/proc/self/fd')))"
MOST_DESCRIPTORS = 8

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])


def test_no_lock_file_or_thread_is_among_all_objects(
    bench: Workbench, level: str, accelerator: str
) -> None:
    script = bench.script(OBJECTS)
    seen = bench.watched(bench.new_record(), script, level=level).stdout
    if accelerator == "c":
        assert seen == bench.plain(script).stdout
    else:
        # Nothing in Python keeps an object from the collector.
        assert b"'RLock': 0" not in seen


def test_no_module_is_there_that_makes_others_do_something_else(
    bench: Workbench, level: str, accelerator: str
) -> None:
    script = bench.script(MODULES)
    watched = bench.watched(bench.new_record(), script, level=level).stdout.decode().split()
    new = {name.partition(".")[0] for name in watched} - set(
        bench.plain(script).stdout.decode().split()
    )
    # Without C there is ctypes, which imports these on Python 3.14.
    brought = {"sysconfig", "threading"} if accelerator == "python" else set()
    assert not new & (CHANGING - brought)
    assert {name for name in new if not name.startswith("_")} - NEEDED <= brought


def test_only_a_few_descriptors_are_open(bench: Workbench, level: str) -> None:
    script = bench.script(DESCRIPTORS)
    watched = int(bench.watched(bench.new_record(), script, level=level).stdout)
    assert watched - int(bench.plain(script).stdout) <= MOST_DESCRIPTORS
