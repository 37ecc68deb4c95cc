"""Ends of generators: by themselves, thrown into, closed, or dropped; and what runs then."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Final

import pytest

from coroplay.trace import Finish, How, HowEnded, Status, Switch
from coroplay.trace.view import explain
from tests.probe.conftest import Recorder
from tests.support.steps import Teller, find, outputs

LEVELS: Final = pytest.mark.parametrize("level", ["lines", "switches"])
IGNORES: Final = "RuntimeError('generator ignored GeneratorExit')"


def switches(record: Recorder, source: str, level: str) -> list[str]:
    with record(source, level=level) as recording:
        return Teller(recording).switches()


def endings(record: Recorder, source: str, level: str) -> list[tuple[str, str, str | None]]:
    """The name of each coroutine but the main one, its end, and what it ended with, in order."""
    with record(source, level=level) as recording:
        names = Teller(recording).names
        return [
            (names[step.coroutine], str(step.how), step.value or step.exception)
            for step in recording
            if isinstance(step, Finish) and names[step.coroutine] != "main"
        ]


LEAVES: Final = {
    "finally": """
        try: yield 1; raise KeyError("k")
        finally: print("cleanup")
    """,
    "raise": """
        try: yield 1; raise KeyError("k")
        except KeyError:
            print("seen")
            raise
    """,
    "with": """
        with open("/dev/null"):
            yield 1
            raise KeyError("k")
    """,
    "except of another kind": """
        try: yield 1; raise KeyError("k")
        except ValueError: print("not this")
    """,
    "after another": """
        for n in range(3):
            try: raise ValueError(n)
            except ValueError: pass
        try: yield 1; raise KeyError("k")
        finally:
            print("cleanup")
    """,
    "raised by a call": """
        def fails(): raise KeyError("k")
        try: yield 1; fails()
        finally: print("cleanup")
    """,
}
"""Bodies of generators that an exception leaves by way of a handler."""


def body(text: str) -> str:
    return text.replace("\n    ", "\n")


@LEVELS
@pytest.mark.parametrize("way", LEAVES)
def test_an_exception_that_passes_a_handler_is_a_failure(
    record: Recorder, way: str, level: str
) -> None:
    source = (
        f"def gen():{body(LEAVES[way])}\ntry:\n    for x in gen(): pass\nexcept KeyError: pass\n"
    )
    with record(source, level=level) as recording:
        told = Teller(recording)
        assert "gen failed KeyError('k')" in told.finishes()
        assert told.switches()[-1] == "gen throw KeyError('k') to main"


@LEVELS
def test_an_exception_thrown_into_a_with_leaves_it(record: Recorder, level: str) -> None:
    source = """
        import contextlib, threading
        @contextlib.contextmanager
        def held():
            with threading.Lock():
                yield
        try:
            with held():
                raise ValueError("v")
        except ValueError: pass
    """
    assert switches(record, source, level) == [
        "main start to held",
        "held yield None to main",
        "main throw ValueError('v') to held",
        "held throw ValueError('v') to main",
    ]


@LEVELS
def test_a_generator_may_yield_nothing_where_an_exception_was_thrown_in(
    record: Recorder, level: str
) -> None:
    source = """
        def gen():
            while True:
                try: yield
                except ValueError: pass
        g = gen(); next(g)
        for n in range(2): g.throw(ValueError(n))
        print("on")
    """
    with record(source, level=level) as recording:
        assert Teller(recording).switches()[2:] == [
            "main throw ValueError(0) to gen",
            "gen yield None to main",
            "main throw ValueError(1) to gen",
            "gen yield None to main",
        ]


@LEVELS
def test_stop_iteration_that_leaves_a_generator_is_a_runtime_error(
    record: Recorder, level: str
) -> None:
    source = """
        def gen():
            yield 1
            next(iter(()))
        try: list(gen())
        except RuntimeError: pass
    """
    failure = "RuntimeError('generator raised StopIteration')"
    assert endings(record, source, level) == [("gen", "failed", failure)]


@LEVELS
def test_throw_goes_by_way_of_the_generators_that_hand_it_on(record: Recorder, level: str) -> None:
    source = """
        def inner():
            try: yield 1
            except KeyError: yield "caught"
        def middle(): yield from inner()
        def outer(): yield from middle()
        o = outer(); next(o)
        print(o.throw(KeyError("k")))
        next(o, None)
    """
    assert switches(record, source, level)[6:] == [
        "main throw KeyError('k') to outer",
        "outer throw KeyError('k') to middle",
        "middle throw KeyError('k') to inner",
        "inner yield 'caught' to middle",
        "middle yield 'caught' to outer",
        "outer yield 'caught' to main",
        "main next to outer",
        "outer next to middle",
        "middle next to inner",
        "inner return to middle",
        "middle return to outer",
        "outer return to main",
    ]


@LEVELS
def test_what_the_inner_generator_returns_then_goes_to_the_outer_one(
    record: Recorder, level: str
) -> None:
    source = """
        def inner():
            try: yield 1
            except KeyError: return 7
        def outer():
            got = yield from inner()
            print(got)
            yield 8
        o = outer(); next(o)
        o.throw(KeyError())
    """
    with record(source, level=level) as recording:
        told = Teller(recording)
        assert told.switches()[4:8] == [
            "main throw KeyError() to outer",
            "outer throw KeyError() to inner",
            "inner return 7 to outer",
            "outer yield 8 to main",
        ]


@LEVELS
def test_what_the_inner_generator_fails_with_goes_to_the_outer_one(
    record: Recorder, level: str
) -> None:
    source = """
        def inner():
            try: yield 1
            except KeyError: raise OSError("o")
        def outer():
            try: yield from inner()
            except OSError: yield 8
        o = outer(); next(o)
        o.throw(KeyError())
    """
    assert switches(record, source, level)[4:8] == [
        "main throw KeyError() to outer",
        "outer throw KeyError() to inner",
        "inner throw OSError('o') to outer",
        "outer yield 8 to main",
    ]


@LEVELS
@pytest.mark.parametrize("body", ["print('cleanup')", "pass"])
def test_close_goes_by_way_of_the_generators_that_hand_it_on(
    record: Recorder, body: str, level: str
) -> None:
    source = f"""
        def inner():
            try: yield 1
            finally: {body}
        def outer():
            try: yield from inner()
            finally: {body}
        o = outer(); next(o); o.close()
    """
    with record(source, level=level) as recording:
        told = Teller(recording)
        assert told.switches()[4:] == [
            "main close to outer",
            "outer close to inner",
            "inner return to outer",
            "outer return to main",
        ]
    assert endings(record, source, level) == [("inner", "closed", None), ("outer", "closed", None)]


CLOSES: Final = {
    "directly": "one.close()",
    "by another name": "stop = one.close; stop()",
    "by contextlib": "import contextlib\nwith contextlib.closing(one): pass",
}


@LEVELS
@pytest.mark.parametrize("way", CLOSES)
def test_a_closed_generator_is_closed_there_and_then(
    record: Recorder, way: str, level: str
) -> None:
    source = f"def gen(): yield 1\none = gen(); next(one)\n{CLOSES[way]}\nprint('on')\n"
    with record(source, level=level) as recording:
        told = Teller(recording).switches()
        (on,) = outputs(recording)
        state = recording.state(on.step).of(find(recording, "gen"))
    assert told[2:] == ["main close to gen", "gen return to main"]
    assert (state.status, state.ended) == (Status.FINISHED, HowEnded.CLOSED)


@LEVELS
def test_what_a_closed_generator_raises_goes_to_its_closer(record: Recorder, level: str) -> None:
    source = """
        def gen():
            try: yield 1
            finally: raise OSError("o")
        g = gen(); next(g)
        try: g.close()
        except OSError: pass
    """
    assert endings(record, source, level) == [("gen", "failed", "OSError('o')")]
    assert switches(record, source, level)[-1] == "gen throw OSError('o') to main"


@LEVELS
def test_a_closed_generator_that_yields_raises_an_error_in_its_closer(
    record: Recorder, level: str
) -> None:
    source = """
        def gen():
            try: yield 1
            except GeneratorExit: yield 2
            yield 3
        g = gen(); next(g)
        try: g.close()
        except RuntimeError: pass
        next(g)
    """
    with record(source, level=level) as recording:
        assert Teller(recording).switches()[2:6] == [
            "main close to gen",
            f"gen throw {IGNORES} to main",
            "main next to gen",
            "gen yield 3 to main",
        ]


@LEVELS
def test_generator_exit_that_was_thrown_is_an_exception_like_others(
    record: Recorder, level: str
) -> None:
    source = """
        def gen():
            yield 1
        def catches():
            try: yield 1
            except GeneratorExit: yield 2
        g = gen(); next(g)
        try: g.throw(GeneratorExit("e"))
        except GeneratorExit: pass
        c = catches(); next(c); c.throw(GeneratorExit)
    """
    told = switches(record, source, level)
    assert told[2:4] == [
        "main throw GeneratorExit('e') to gen",
        "gen throw GeneratorExit('e') to main",
    ]
    assert told[6:8] == ["main throw GeneratorExit() to catches", "catches yield 2 to main"]


DROPS: Final = {
    "del": "g = gen(); next(g)\ndel g\n",
    "another value": "g = gen(); next(g)\ng = None\n",
    "break": "for x in gen(): break\n",
    "end of a function": "def use():\n    g = gen()\n    next(g)\nuse()\n",
    "never held": "next(gen())\n",
    "collector": "import gc\nbox = [gen()]; next(*box)\nbox += [box]; del box; gc.collect()\n",
}


@LEVELS
@pytest.mark.parametrize("way", DROPS)
def test_a_dropped_generator_is_dropped_once_at_its_end(
    record: Recorder, way: str, level: str
) -> None:
    source = (
        f"def gen():\n    try: yield 1\n    finally: print('cleanup')\n{DROPS[way]}print('on')\n"
    )
    assert endings(record, source, level) == [("gen", "dropped", None)]
    with record(source, level=level) as recording:
        told = Teller(recording).switches()
        assert told[2:] == ["main dropping to gen", "gen return to main"]
        cleanup, on = outputs(recording)
        assert cleanup.coroutine == find(recording, "gen")
        assert on.coroutine == find(recording, "main")


@LEVELS
@pytest.mark.parametrize("way", DROPS)
def test_one_that_stands_in_no_try_is_gone_without_running(
    record: Recorder, way: str, level: str
) -> None:
    source = f"def gen():\n    yield 1\n{DROPS[way]}print('on')\n"
    with record(source, level=level) as recording:
        told = Teller(recording)
        assert told.switches() == ["main start to gen", "gen yield 1 to main"]
    assert endings(record, source, level) == [("gen", "dropped", None)]


@LEVELS
def test_many_that_are_collected_together_end_one_after_the_other(
    record: Recorder, level: str
) -> None:
    source = """
        import gc
        def gen(n, box):
            try: yield 1
            finally:
                for k in range(3): n += k
        def make():
            box = []
            box += [gen(n, box) for n in range(3)]
            for one in box: next(one)
        make(); gc.collect()
        print("on")
    """
    with record(source, level=level) as recording:
        hows = [one.how for one in recording if isinstance(one, Switch)]
        ends = [one for one in recording if isinstance(one, Finish)][:-1]
    assert hows[6:] == [How.DROPPING, How.RETURN] * 3
    assert [one.how for one in ends] == [HowEnded.DROPPED] * 3


@LEVELS
def test_what_a_dropped_generator_raises_is_ignored(record: Recorder, level: str) -> None:
    source = """
        def rows():
            try: yield 1
            finally: raise OSError("o")
        r = rows(); next(r)
        del r
        print("main goes on")
    """
    assert endings(record, source, level) == [("rows", "ignored", "OSError('o')")]
    assert switches(record, source, level)[2:] == ["main dropping to rows", "rows return to main"]


@LEVELS
def test_a_dropped_generator_that_yields_is_ignored(record: Recorder, level: str) -> None:
    source = """
        def gen():
            try: yield 1
            except GeneratorExit: yield 2
        g = gen(); next(g)
        del g
        print("on")
    """
    assert endings(record, source, level) == [("gen", "ignored", IGNORES)]
    assert switches(record, source, level)[2:] == ["main dropping to gen", "gen return to main"]


@LEVELS
def test_a_dropped_generator_closes_the_one_that_it_asked(record: Recorder, level: str) -> None:
    source = """
        def inner():
            try: yield 1
            finally: print("cleanup")
        def outer(): yield from inner()
        o = outer(); next(o)
        del o
        print("on")
    """
    assert switches(record, source, level)[4:] == [
        "main dropping to outer",
        "outer close to inner",
        "inner return to outer",
        "outer return to main",
    ]
    assert endings(record, source, level) == [("inner", "closed", None), ("outer", "dropped", None)]


@LEVELS
def test_a_dropped_generator_that_asked_another_is_told_even_if_nothing_runs(
    record: Recorder, level: str
) -> None:
    source = """
        def inner(): yield 1
        def outer(): yield from inner()
        o = outer(); next(o)
        del o
        print("on")
    """
    told = switches(record, source, level)[4:]
    assert (told[0], told[-1]) == ("main dropping to outer", "outer return to main")
    assert {end[0] for end in endings(record, source, level)} == {"inner", "outer"}


def test_a_generator_that_is_closed_before_it_ran_never_ran(record: Recorder) -> None:
    with record("""
        def gen(): yield 1
        g = gen()
        x = 1
        g.close()
        print("closed")
    """) as recording:
        gen = find(recording, "gen")
        (end,) = (one for one in recording if isinstance(one, Finish) and one.coroutine == gen)
        assert (end.how, end.never_ran) == (HowEnded.CLOSED, True)
        state = recording.state(len(recording) - 2).of(gen)
        assert (state.status, state.never_ran) == (Status.FINISHED, True)
        assert len(Teller(recording).switches()) == 0


@LEVELS
def test_a_generator_that_is_thrown_into_before_it_ran_never_ran(
    record: Recorder, level: str
) -> None:
    with record(
        """
        def gen(): yield 1
        g = gen()
        try: g.throw(ValueError("v"))
        except ValueError: pass
        print("on")
        """,
        level=level,
    ) as recording:
        told = Teller(recording)
        assert told.switches() == [
            "main throw ValueError('v') to gen",
            "gen throw ValueError('v') to main",
        ]
        (end, _main) = (one for one in recording if isinstance(one, Finish))
        assert (end.how, end.exception, end.never_ran) == (HowEnded.FAILED, "ValueError('v')", True)


def test_a_generator_exit_that_only_throw_can_raise_is_no_close(record: Recorder) -> None:
    recording = record("""
        def numbers():
            yield 1
        one = numbers()
        next(one)
        throw = one.throw
        try:
            throw(GeneratorExit(5))
        except GeneratorExit as error:
            print(repr(error))
    """)
    hows = [step.how for step in recording if isinstance(step, Switch)]
    assert How.CLOSE not in hows
    assert hows.count(How.THROW) == 2


@LEVELS
def test_a_generator_exit_that_is_thrown_closes_only_those_that_were_asked(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        def inner():
            try:
                yield 1
            except GeneratorExit:
                raise
        def outer():
            yield from inner()
        one = outer()
        next(one)
        try:
            one.throw(GeneratorExit())
        except GeneratorExit:
            print("back")
    """,
        level=level,
    )
    told = Teller(recording).switches()
    at = told.index("main throw GeneratorExit() to outer")
    assert told[at : at + 4] == [
        "main throw GeneratorExit() to outer",
        "outer close to inner",
        "inner return to outer",
        "outer throw GeneratorExit() to main",
    ]


LIBRARY: Final = """
import types
lib = types.ModuleType("lib")
exec(compile(
    "def close(g): g.close()",
    "/usr/lib/lib.py", "exec"), lib.__dict__)
def gen(): yield 1
"""
CLOSED_BY_OTHERS: Final = {
    "a library": "lib.close(g)",
    "a function in C": "list(map(type(g).close, [g]))",
    "a call with no function of the person's": "import functools; functools.partial(g.close)()",
}


@LEVELS
@pytest.mark.parametrize("starts", [True, False])
@pytest.mark.parametrize("way", CLOSED_BY_OTHERS)
def test_a_generator_that_others_close_is_over_by_the_next_step(
    record: Recorder, way: str, starts: bool, level: str
) -> None:
    begins = "next(g)" if starts else "held = g"
    source = f"{LIBRARY}g = gen()\n{begins}\n{CLOSED_BY_OTHERS[way]}\nprint('on')\n"
    with record(source, level=level) as recording:
        (on,) = outputs(recording)
        if level == "switches" and not starts:
            return  # It was never seen.
        end = recording.state(on.step).of(find(recording, "gen"))
    assert end.status is Status.FINISHED
    assert end.ended in (HowEnded.CLOSED, HowEnded.UNSEEN)


@LEVELS
def test_of_many_generators_that_others_close_each_is_over_by_the_end(
    record: Recorder, level: str
) -> None:
    source = f"""{LIBRARY}
many = [gen() for n in range(20)]
for g in many: next(g)
for g in many: lib.close(g)
"""
    assert len(endings(record, source, level)) == 20


THROWS_EXIT: Final = {
    "by another name": "t = g.throw; t(GeneratorExit())",
    "in a helper": "def hands(f, error): f(error)\nhands(g.throw, GeneratorExit())",
    "a class": "t = g.throw; t(GeneratorExit)",
    "of the type": "t = type(g).throw; t(g, GeneratorExit())",
    "held by an object": "class Box: pass\nb = Box(); b.t = g.throw; b.t(GeneratorExit())",
    "bound before": "import functools\nt = functools.partial(g.throw, GeneratorExit()); t()",
}


@LEVELS
@pytest.mark.parametrize("way", THROWS_EXIT)
def test_a_plain_generator_exit_is_thrown_by_whatever_name_throw_has(
    record: Recorder, way: str, level: str
) -> None:
    calls = THROWS_EXIT[way].rsplit("\n", 1)
    source = "def gen():\n    try: yield 1\n    finally: print('on')\ng = gen(); next(g)\n"
    source += "\n".join(calls[:-1]) + "\ntry:\n    " + calls[-1] + "\nexcept GeneratorExit: pass\n"
    assert switches(record, source, level)[2:] == [
        "main throw GeneratorExit() to gen",
        "gen throw GeneratorExit() to main",
    ]
    assert endings(record, source, level) == [("gen", "failed", "GeneratorExit()")]


@LEVELS
def test_a_close_that_is_called_throw_is_a_close(record: Recorder, level: str) -> None:
    source = """
        def gen():
            try: yield 1
            finally: print("on")
        g = gen(); next(g)
        throw = g.close; throw()
    """
    assert endings(record, source, level) == [("gen", "closed", None)]


@LEVELS
def test_a_generator_of_others_at_the_address_of_a_known_one_is_not_taken_for_it(
    record: Recorder, level: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "library.py").write_text("def lib():\n    yield 1\n")
    recording = record(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        import library
        def mine():
            yield 1
        for _ in range(20):
            a = mine()
            next(a)
            del a
            b = library.lib()
            next(b)
            b.close()
        """,
        str(elsewhere),
        level=level,
    )
    ends = Counter(one.coroutine for one in recording if isinstance(one, Finish))
    assert set(ends.values()) == {1}
    assert not [one for one in recording if isinstance(one, Switch) and one.how is How.CLOSE]


CLOSED_RETURNS: Final = {
    "one.close()": "passed on",
    "import contextlib\nwith contextlib.closing(one): pass": "passed on",
    "def outer(): yield from one\nouter = outer(); next(outer); outer.close()": "lost",
    "try: one.throw(KeyError())\nexcept StopIteration: pass": "by StopIteration",
}


@LEVELS
@pytest.mark.parametrize("way", CLOSED_RETURNS)
def test_what_a_closed_generator_returns_goes_where_python_takes_it(
    record: Recorder, way: str, level: str
) -> None:
    source = f"""
def gen():
    for n in range(3):
        try: yield n
        except BaseException: return 7
one = gen(); next(one)
{way}
"""
    goes = CLOSED_RETURNS[way]
    if goes == "passed on" and sys.version_info < (3, 13):
        goes = "lost"
    with record(source, level=level) as recording:
        (finish,) = (
            one
            for one in recording
            if isinstance(one, Finish) and recording.coroutine(one.coroutine).name == "gen"
        )
        told = explain(recording, finish.step).text
    assert (
        told.removeprefix("gen returns 7 and is finished: ")
        == {
            "passed on": "it was closed, and close() returns the value.",
            "lost": "it was closed, and nobody gets the value.",
            "by StopIteration": "StopIteration(7) takes it to the caller.",
        }[goes]
    )
