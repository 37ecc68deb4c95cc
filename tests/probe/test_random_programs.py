"""Random programs that switch as fast as they can: each switch is recorded, and of the right two.

The programs make greenlets, let them die, kill them, give them other parents, drop them while they
are suspended and use several threads, so that memory is used again all the time. What happened is
known from the program itself: a hook of its own sees each switch, or, where that would be in the
way, whoever goes on says so (but not if it only ends another before it gets to its next line).
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coroplay.trace import Recording, Switch
from tests.probe.conftest import Recorder
from tests.support.accelerators import either
from tests.support.steps import outputs

__all__ = ["either"]

PROGRAM = """
import gc, random, sys, threading
import greenlet
from greenlet import getcurrent, GreenletExit

# What the collector is about to free has lost its weak references when greenlet ends it.
gc.disable()

def universe(tag, seed, rounds, out):
    rng = random.Random(seed)
    alive, names = [], iter(range(10**9))
    def hop(me, act):
        try: act()
        except (GreenletExit, ValueError): pass
        finally: out.append(me)
    def create(parent):
        me = f"{tag}.{next(names)}"
        def body(*_):
            out.append(me)
            try:
                live(me, rng.randrange(1, 9))
            finally:
                alive[:] = [one for one in alive if one is not getcurrent()]
            if rng.random() < 0.1: raise ValueError(me)
        # Without the accelerator it is met while it runs, and goes by the name of its code.
        body.__code__ = body.__code__.replace(co_name=me)
        body.__name__ = me
        one = greenlet.greenlet(body, parent)
        alive.append(one)
        known[id(one)] = me
        return one
    def live(me, turns):
        for _ in range(turns):
            others = [one for one in alive if one is not getcurrent()]
            what = rng.random()
            if len(alive) < 9 and (what < 0.3 or not others):
                one = create(getcurrent())
                hop(me, one.switch)
            elif not others:
                continue
            elif what < 0.8:
                one = rng.choice(others)
                for _ in range(rng.choice((1, 1, 2, 9))):
                    if one.dead: break
                    hop(me, one.switch)
            elif what < 0.88:
                one = rng.choice(others)
                if one and rng.random() < 0.5: hop(me, one.throw)
            elif what < 0.94:
                try: rng.choice(others).parent = getcurrent()
                except ValueError: pass
            else:
                idle = [one for one in others if not one]
                for one in idle: alive.remove(one)
                del idle
            one = others = None
    def main():
        me = f"{tag}.main"
        for _ in range(rounds):
            live(me, 3)
            for one in [one for one in alive if one]:
                while one: hop(me, one.throw)
            one = None
            alive.clear()
    main()

def hook(event, args):
    for one in args:
        if one.parent is None: known[id(one)] = threading.current_thread().name
    out = logs[int(threading.current_thread().name.split(".")[0])]
    out.append(known[id(args[0])] + ">" + known[id(args[1])])
known = {}
threading.current_thread().name = "0.main"
chained = sys.argv[1] == "chained"
logs = []
threads = []
for tag, seed in enumerate(map(int, sys.argv[2:])):
    logs.append([])
    def run(tag=tag, seed=seed):
        if chained: greenlet.settrace(hook)
        universe(tag, seed, 30, [] if chained else logs[tag])
        if chained: greenlet.settrace(None)
    if tag: threads.append(threading.Thread(target=run, name=f"{tag}.main"))
    else: first = run
for one in threads: one.start()
first()
for one in threads: one.join()
for log in logs: print(*log)
"""

NAMED = ("--main-name", "0.main")


def switches(recording: Recording, tag: int) -> list[tuple[str, str]]:
    """The names of who left and of who went on, at each switch of a thread.

    Who ends before ever handing control over may have no name of its own.
    """
    names = {one.id: "" if one.name == "greenlet" else one.name for one in recording.coroutines}
    pairs = [(names[s.origin], names[s.target]) for s in recording if isinstance(s, Switch)]
    return [pair for pair in pairs if (pair[0] or pair[1]).split(".")[0] == str(tag)]


def matches(name: str, said: str) -> bool:
    return name in ("", said)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    chained=st.booleans(),
    seeds=st.lists(st.integers(0, 2**32), min_size=1, max_size=3, unique=True),
)
def test_each_switch_of_a_random_program_is_recorded(
    record: Recorder, accelerator: str, chained: bool, seeds: list[int]
) -> None:
    how = "chained" if chained else "alone"
    recording = record(PROGRAM, how, *map(str, seeds), level="switches", options=NAMED)
    assert recording.meta.accelerator == accelerator
    assert recording.notes.silent_at is None
    said = [one.data for one in outputs(recording) if one.stream == "stdout"]
    printed = b"".join(said).decode().splitlines()
    assert len(printed) == len(seeds)
    for tag, line in enumerate(printed):
        pairs = switches(recording, tag)
        assert [origin for origin, _ in pairs[1:]] == [target for _, target in pairs[:-1]]
        if chained:
            expected = [tuple(one.split(">")) for one in line.split()]
            assert len(pairs) == len(expected)
            for (origin, target), (left, entered) in zip(pairs, expected, strict=True):
                assert matches(origin, left)
                assert matches(target, entered)
        else:
            rest = iter(target for _, target in pairs)
            for name in line.split():
                assert any(matches(target, name) for target in rest), name
