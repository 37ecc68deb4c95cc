"""Changes of locals, as line steps have them, in functions, modules and classes."""

from __future__ import annotations

from coroplay.trace import Line, Recording, layout
from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import last_step_at, values_of


def changes(recording: Recording) -> list[str]:
    """Return the changes that each line step has: ``4: a = 1``."""
    return [
        f"{step.place.line}: "
        + ", ".join(
            one.name if one.value is None else f"{one.name} = {one.value}" for one in step.changed
        )
        for step in recording
        if isinstance(step, Line) and step.place is not None and step.changed
    ]


def test_each_line_has_the_changes_made_by_the_line_before(record: Recorder) -> None:
    source = """
        def f(a, *rest, k=1):
            a = 2
            a = 2
            b = a; a = 1000; a = 10 * 100
            a = True
            a = 1
            a = 1.0; k = None
            del b
            b = "text"; del a
            return b
        f("x", 3)
    """
    with record(source) as recording:
        assert [one for one in changes(recording) if one[0] != "f"] == [
            "2: a = 'x', k = 1, rest = (3,)",
            "3: a = 2",
            "5: a = 1000, b = 2",
            "6: a = True",
            "7: a = 1",
            "8: a = 1.0, k = None",
            "9: b",
            "10: b = 'text', a",
        ]


def test_changes_within_a_value_are_recorded(record: Recorder) -> None:
    source = """
        class Thing: pass
        def f():
            a = [1]; b = {"k": [2]}; c = {3}; d = ([4],); e = Thing(); g = "x" * 300
            pass
            pass
            a.append(5)
            b["k"].append(6)
            c.add(7)
            d[0].append(8)
            e.thing = a
            e = [e]
            pass
            e[0] = Thing
            g += "y"
            g = "y" + g
            return
        f()
    """
    with record(source) as recording:
        found = changes(recording)
    assert found[0].startswith("4: a = [1], b = {'k': [2]}, c = {3}, d = ([4],), e = <Thing>, g = ")
    assert found[1:-1] == [
        "7: a = [1, 5]",
        "8: b = {'k': [2, 6]}",
        "9: c = {3, 7}",
        "10: d = ([4, 8],)",
        "12: e = [<Thing>]",
        "14: e = [Thing]",
    ]
    assert found[-1].startswith("16: g = 'yxxx")


def test_changes_of_whole_numbers_of_any_size_are_recorded(record: Recorder) -> None:
    numbers = [0, -1, 7, 10**17, 10**18, -(10**18), 2**63 - 1, -(2**63), 2**64, -(10**18) + 1]
    body = "\n".join(f"    n = {number}" for number in numbers)
    with record(f"def f():\n{body}\n    return\nf()\n") as recording:
        assert values_of(recording, "n") == [str(number) for number in numbers]


def test_changes_of_closure_variables_are_recorded(record: Recorder) -> None:
    source = """
        def outer(n):
            def inner():
                nonlocal n, late
                n += 1
                late = n
                return n
            late = None
            inner()
            inner()
            return n, late
        outer(5)
    """
    with record(source) as recording:
        assert values_of(recording, "n") == ["5", "5", "6", "6", "6", "7", "7"]
        assert values_of(recording, "late") == ["None", "None", "6", "6", "6", "7", "7"]


def test_a_module_shows_its_data_and_not_its_definitions(record: Recorder) -> None:
    source = """
        import os
        x = 1
        def f(): pass
        class C:
            y = 2
            z = [y, 3]
        x = [x]
        x.append(2)
        f = 3
        x = len
        globals()[f] = 1
        pass
    """
    with record(source) as recording:
        assert changes(recording) == [
            "3: x = 1",
            "6: y = 2",
            "8: x = [1]",
            "9: x = [1, 2]",
            "10: f = 3",
            "11: x",
        ]


def test_all_locals_are_found_again_however_far_back_they_changed(record: Recorder) -> None:
    source = """
        def f():
            first, text = 1, "x"
            for n in range(200):
                pass
                text = str(n) if n % 70 == 0 else text
            return n
        f()
    """
    with record(source) as recording:
        step = last_step_at(recording, 6)
        found = {one.name: one.value for one in recording.state(step).locals(1)}
        assert found == {"first": "1", "text": "'140'", "n": "199"}


def test_a_loop_that_changes_nothing_writes_no_details(bench: Workbench) -> None:
    source = """
        def f(flags):
            while flags.pop():
                pass
            return 1
        f([False] + [True] * {count})
    """
    sizes = []
    for count in (2000, 4000):
        script = bench.script(source.replace("{count}", str(count)))
        with bench.record(script) as recording:
            sizes.append((recording.path / layout.DETAILS.name).stat().st_size)
            assert len(recording) > 2 * count
    assert sizes[0] == sizes[1]


def test_objects_the_program_drops_are_freed_at_once(bench: Workbench) -> None:
    script = bench.script("""
        import weakref
        class Thing: pass
        def f():
            thing = Thing(); held = [thing]; table = {"k": held}
            gone = weakref.ref(thing)
            pass
            thing = held = table = None
            print(gone())
            def inner():
                made = type("Made", (), {})
                one = made()
                return weakref.ref(one)
            print(inner()())
        f()
    """)
    assert bench.watched(bench.new_record(), script).stdout == b"None\nNone\n"


def test_a_text_that_grows_is_appended_to_in_place(bench: Workbench) -> None:
    """Holding the text would make each of these a copy of all of it."""
    script = bench.script("""
        import sys
        def f():
            text = "x" * 1000
            before = sys.getrefcount(text)
            pass
            return sys.getrefcount(text) - before
        print(f())
    """)
    assert bench.watched(bench.new_record(), script).stdout == b"0\n"


def test_a_coroutine_of_asyncio_keeps_its_locals_over_its_awaits(record: Recorder) -> None:
    source = """
        import asyncio
        async def numbers():
            n = 1
            yield n
            n = 2
            yield n
        async def patient(a):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                b = 5
                await asyncio.sleep(0)
            c = 6
            return c
        async def main():
            x = 1
            async for got in numbers():
                x += got
            task = asyncio.ensure_future(patient(3))
            await asyncio.sleep(0)
            task.cancel()
            y = 2
            await task
            z = 3
            return z
        asyncio.run(main())
    """
    with record(source) as recording:
        values = {name: values_of(recording, name) for name in ("a", "b", "c", "n", "x", "y")}
        assert values == {
            "a": ["3"],
            "b": ["5"],
            "c": ["6"],
            "n": ["1", "2"],
            "x": ["1", "2", "4"],
            "y": ["2"],
        }
        assert len(values_of(recording, "task")) == 1


def test_none_is_a_change_though_the_coroutine_before_it_is_gone(record: Recorder) -> None:
    source = """
        def gen(n): yield n
        a = gen(1)
        x = 1
        a = None
        print(a)
        def function():
            b = gen(2)
            y = 1
            b = None
            print(b)
        function()
    """
    with record(source) as recording:
        assert values_of(recording, "a") == ["gen(1)", "None"]
        assert values_of(recording, "b") == ["gen(2)", "None"]
