"""Showing a value: in short, as a person recognises it, and without running the program's code."""

from __future__ import annotations

import pytest

from coroplay.trace import Line
from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import Teller, outputs, values_of

# A class in which everything that can be asked of it tells that it was asked.
SPY = """
    import greenlet, gevent, threading
    log = []
    class Spy:
        def __repr__(self): log.append("repr"); return "R"
        __str__ = __repr__
        @property
        def p(self): log.append("property"); return 1
        @property
        def __class__(self): log.append("class"); return int
        @property
        def __dict__(self): log.append("dict"); return {}
        def __eq__(self, other): log.append("eq"); return True
        def __hash__(self): log.append("hash"); return 1
        def __len__(self): log.append("len"); return 1
        def __bool__(self): log.append("bool"); return True
        def __iter__(self): log.append("iter"); return iter(())
        def __getattr__(self, name): log.append("getattr " + name); raise AttributeError
        def __getitem__(self, key): log.append("getitem"); return 1
        def __format__(self, spec): log.append("format"); return "F"
        def __index__(self): log.append("index"); return 1
        def __call__(self, *a): return self
        def send(self, value): return value
    class Mistake(Exception):
        def __str__(self): log.append("str of an exception"); return "S"
        __repr__ = __str__
        @property
        def args(self): log.append("args"); return ()
    class List(list):
        def __iter__(self): log.append("iter of a list"); return super().__iter__()
        def __len__(self): log.append("len of a list"); return 1
        def __getitem__(self, key): log.append("getitem of a list"); return 1
        def __repr__(self): log.append("repr of a list"); return "L"
"""
USE = """
    def hand(spy, more):
        held = [spy, more, {"k": spy}, (spy,)]
        mistake = Mistake(spy)
        del held
        return spy
    def gen(spy):
        got = yield spy
        try: yield got
        except Mistake: yield spy
        return spy
    hand(Spy(), List([Spy()]))
    g = gen(Spy()); next(g); g.send(Spy()); g.throw(Mistake(Spy()))
    for _ in g: pass
    Spy().send(Spy())
    def run(spy):
        back = greenlet.getcurrent().parent.switch(spy)
        return spy
    made = greenlet.greenlet(run); made.switch(Spy()); made.switch(Spy())
    greenlet.greenlet(Spy()).switch(Spy())
    def waits(spy): gevent.sleep(0); return spy
    def fails(spy): raise Mistake(spy)
    gevent.spawn(waits, Spy()).join(); gevent.spawn(Spy(), Spy()).join()
    spawned = gevent.spawn(fails, spy := Spy())
    spawned.parent.NOT_ERROR = (Exception,)
    try: spawned.get()
    except Mistake: pass
    print(log)
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_no_code_of_the_program_is_run_to_show_its_objects(bench: Workbench, level: str) -> None:
    script = bench.script(SPY + USE)
    assert bench.watched(bench.new_record(), script, level=level).stdout == b"[]\n"
    assert bench.plain(script).stdout == b"[]\n"


METACLASS = """
    import greenlet
    log = []
    class Meta(type):
        def __eq__(cls, other): log.append("eq"); return NotImplemented
        def __hash__(cls): log.append("hash"); return 1
        def __repr__(cls): log.append("repr"); return "M"
        def __instancecheck__(cls, one): log.append("instancecheck"); return True
        def __subclasscheck__(cls, one): log.append("subclasscheck"); return True
        @property
        def __name__(cls): log.append("name"); return "N"
        @property
        def __module__(cls): log.append("module"); return "M"
    class Made(metaclass=Meta):
        def __call__(self, *args): return 1
    def f(thing): return thing
"""


def test_no_code_of_a_metaclass_is_run_to_show_an_object(bench: Workbench) -> None:
    script = bench.script(METACLASS + "    f(Made())\n    print(log)\n")
    assert bench.watched(bench.new_record(), script).stdout == b"[]\n"


def test_no_code_of_a_metaclass_is_run_to_name_a_greenlet(bench: Workbench) -> None:
    script = bench.script(
        METACLASS + "    made = Made()\n    log.clear()\n"
        "    x = greenlet.greenlet(made)\n    x.switch()\n    print('name' in log)\n"
    )
    assert bench.watched(bench.new_record(), script).stdout == b"False\n"


def test_no_code_of_a_thread_class_is_run_to_name_a_thread(bench: Workbench) -> None:
    script = bench.script("""
        import threading
        def note(name):
            if name == "_name": log.append(name)
        class Own(threading.Thread):
            @property
            def _name(self): note("_name"); return "own"
            @_name.setter
            def _name(self, value): pass
        log = []
        def run(): x = 1
        t = Own(target=run); log.clear(); t.start(); t.join()
        print(len(log))
    """)
    assert bench.watched(bench.new_record(), script) == bench.plain(script)


SHOWN = {
    "7": "7",
    "-2.5": "-2.5",
    "True": "True",
    "None": "None",
    "...": "Ellipsis",
    "NotImplemented": "NotImplemented",
    "3+4j": "<complex>",
    "'it''s'": "'its'",
    r"'line\nbreak'": r"'line\nbreak'",
    r"'\x1e\x1f'": r"'\x1e\x1f'",
    r"'\udc80'": r"'\udc80'",
    "b'bytes'": "b'bytes'",
    "'x' * 61": f"'{'x' * 60}'…",
    "1 << 300": "<int of 301 bits>",
    "[]": "[]",
    "[1, 'a', [2]]": "[1, 'a', [2]]",
    "list(range(9))": "[0, 1, 2, 3, 4, 5, 6, 7, …]",
    "[[[[1]]]]": "[[[…]]]",
    "()": "()",
    "(1,)": "(1,)",
    "(1, 2)": "(1, 2)",
    "{'k': 1, 2: (3,)}": "{'k': 1, 2: (3,)}",
    "dict.fromkeys(range(9))": "{0: None, 1: None, 2: None, 3: None, 4: None, 5: None, 6: None,"
    " 7: None, …}",
    "set()": "set()",
    "{3, 1, 2}": "{1, 2, 3}",
    "set(range(100))": "<set of 100>",
    "frozenset()": "frozenset()",
    "frozenset('ab')": "frozenset({'a', 'b'})",
    "range(3)": "<range>",
    "bytearray(b'x')": "<bytearray>",
    "object()": "<object>",
    "len": "len",
    "print.__call__": "<method-wrapper>",
    "lambda: 1": "<lambda>",
    "int": "int",
    "ValueError('no', 1)": "ValueError('no', 1)",
    "KeyError()": "KeyError()",
    "type('Own', (), {})()": "<Own>",
    "type('Own', (list,), {})()": "<Own>",
    "__import__('sys')": "<module>",
}


def test_values_are_shown_as_a_person_writes_them(record: Recorder) -> None:
    names = [f"v{n}" for n in range(len(SHOWN))]
    body = "\n".join(f"    {name} = {text}" for name, text in zip(names, SHOWN, strict=True))
    with record(f"def f():\n{body}\n    return\nf()\n") as recording:
        seen = {text: values_of(recording, name) for name, text in zip(names, SHOWN, strict=True)}
    assert seen == {text: [shown] for text, shown in SHOWN.items()}


def test_a_value_that_holds_itself_is_shown(record: Recorder) -> None:
    with record("def f():\n    a = [1]\n    a.append(a)\n    return\nf()\n") as recording:
        assert values_of(recording, "a") == ["[1]", "[1, [1, [1, …]]]"]


def test_what_is_shown_of_a_large_value_is_small(record: Recorder) -> None:
    source = """
        def f():
            a = [["x" * 1000] * 1000] * 1000
            b = {n: "y" * 10**6 for n in range(1000)}
            c = 10 ** 100000
            return
        f()
    """
    with record(source) as recording:
        shown = [values_of(recording, name)[-1] for name in "abc"]
    assert all(one is not None and len(one) < 6000 for one in shown)


def test_the_name_of_a_type_can_not_break_the_text_of_locals(record: Recorder) -> None:
    source = """
        Odd = type("a\\x1eb\\x1fc\\n" * 1000, (), {})
        def f():
            odd = Odd()
            return 1
        f()
    """
    with record(source) as recording:
        changes = [
            change for step in recording if isinstance(step, Line) for change in step.changed
        ]
    assert [change.name for change in changes] == ["odd"]
    shown = changes[0].value
    assert shown is not None
    assert len(shown) < 200
    assert shown.isprintable()


def test_coroutines_are_shown_by_their_names(record: Recorder) -> None:
    source = """
        import greenlet, gevent
        def gen(n): yield n
        def eat(name): gevent.sleep(0)
        def run(): pass
        def f():
            a = gen(1); b = gevent.spawn(eat, "Lyon"); c = greenlet.greenlet(run)
            d = [a, b]
            b.join()
        f()
    """
    with record(source) as recording:
        shown = [values_of(recording, name) for name in "abcd"]
    assert shown == [["gen(1)"], ["eat('Lyon')"], ["run"], ["[gen(1), eat('Lyon')]"]]


def test_minus_zero_is_another_value_than_zero(record: Recorder) -> None:
    with record("def f():\n    x = 0.0\n    x = -0.0\n    return\nf()\n") as recording:
        assert values_of(recording, "x") == ["0.0", "-0.0"]


@pytest.mark.parametrize("name", ["1", "''"])
def test_a_global_name_may_be_anything(record: Recorder, name: str) -> None:
    with record(f"globals()[{name}] = 'odd'\nx = 1\ny = 2\n") as recording:
        assert recording.notes.silent_why == ""
        assert values_of(recording, "x") == ["1"]


def test_what_is_sent_is_shown_without_running_the_program(
    record: Recorder, accelerator: str
) -> None:
    source = """
        calls = []
        class Box:
            size = 3
            @property
            def lid(self): calls.append("lid"); return 4
        def f(): calls.append("f"); return 5
        def gen():
            while True: yield
        box = Box(); g = gen(); next(g)
        g.send(box.size); g.send(box.lid); g.send(f()); g.send([1, 2][0]); g.send((box.size, "x"))
        print(calls)
    """
    with record(source) as recording:
        sends = [one for one in Teller(recording).switches() if " send" in one]
        assert [one.text for one in outputs(recording)] == ["['lid', 'f']\n"]
    read, made = (" 4", " 5") if accelerator == "c" else ("", "")
    assert sends == [
        "main send 3 to gen",
        f"main send{read} to gen",
        f"main send{made} to gen",
        "main send 1 to gen",
        "main send (3, 'x') to gen",
    ]


def test_coroutines_may_hold_themselves_among_their_arguments(record: Recorder) -> None:
    source = """
        import gevent
        def f(box): pass
        def gen(pot): yield 1
        def main():
            box = []
            box.append(gevent.Greenlet(f, box))
            pot = []
            pot.append(gen(pot))
            return
        main()
    """
    with record(source) as recording:
        names = [one.name for one in recording.coroutines]
        assert names == ["main", "f([<Greenlet>])", "gen([<generator>])"]
        assert recording.notes.silent_why == ""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_property_called_dict_is_not_run(record: Recorder, level: str) -> None:
    source = """
        import threading
        import gevent
        from gevent.event import Event
        asked, event = [], Event()
        def ask(self): asked.append("asked"); return {}
        class Thing:
            __slots__ = ()
            __dict__ = property(ask)
            def __getattr__(self, name): return event
        class Thread(threading.Thread):
            __dict__ = property(ask)
            def wait(self): gevent.sleep(0)
        thing, thread = Thing(), Thread(target=int)
        thing.event.wait(0.01)
        thread.start(); thread.join(); thread.wait()
        print(asked)
    """
    with record(source, level=level) as recording:
        assert [one.text for one in outputs(recording)] == ["[]\n"]
        assert recording.notes.silent_why == ""
