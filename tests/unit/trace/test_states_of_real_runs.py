"""Long recordings of real probes: the state at any step is what reading from the start gives."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coroplay.trace import (
    CoroutineStates,
    Finish,
    HowEnded,
    Line,
    Output,
    Recording,
    Spawn,
    Status,
    Switch,
    layout,
)
from coroplay.trace.layout import Verb
from tests.support.programs import Workbench, environment, probe_command

MIXED = """
    import gevent, greenlet
    from gevent.queue import Queue
    def gen(n):
        total = 0
        for i in range(n):
            total += i
            got = yield total
        return total
    def raw(x):
        y = greenlet.getcurrent().parent.switch(x)
        del x
        z = [y] * 3
        raise RuntimeError(z)
    def producer(queue, n):
        for i in range(n):
            queue.put(i)
            if i % 3 == 0: print("put", i)
    def consumer(queue):
        while (item := queue.get()) is not None:
            for value in gen(item % 5): pass
            if item % 7 == 0: gevent.sleep(0)
        return "done"
    queue = Queue(3)
    both = [gevent.spawn(producer, queue, 400), gevent.spawn(consumer, queue)]
    for n in range(60):
        one = greenlet.greenlet(raw)
        one.switch(n)
        kept = gen(n)
        if n % 2: next(kept)
        try: one.switch("again")
        except RuntimeError: pass
    both[0].join()
    queue.put(None)
    gevent.joinall(both)
    never = [gevent.spawn(gen, 1) for _ in range(5)]
    gevent.sleep(0)
    import os; os._exit(0)
"""


@pytest.fixture(scope="module", params=["lines", "switches"])
def recording(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Recording]:
    """A recording with several marks, of programs with every kind of coroutine."""
    bench = Workbench(tmp_path_factory.mktemp("real"))
    with bench.record(bench.script(MIXED), level=request.param) as made:
        yield made


def marks(recording: Recording) -> int:
    size = (recording.path / layout.MARKS.name).stat().st_size
    return sum(
        1
        for offset in range(layout.HEADER_SIZE, size, layout.MARK.size)
        if _mark(recording.path, offset)[3]
    )


def _mark(path: Path, offset: int) -> tuple[int, ...]:
    data = (path / layout.MARKS.name).read_bytes()
    return layout.MARK.unpack_from(data, offset)


class Plain:
    """The states as they follow from the steps by themselves, written down anew."""

    def __init__(self) -> None:
        self.status: dict[int, Status] = {}

    def after(self, recording: Recording, index: int) -> dict[int, Status]:
        """The status of all coroutines once the next step is done."""
        step = recording[index]
        match step:
            case Spawn():
                main_or_thread = step.creator is None and step.coroutine == 1
                self.status[step.coroutine] = Status.RUNNING if main_or_thread else Status.READY
            case Switch():
                if self.status[step.origin] not in (Status.FINISHED, Status.FAILED):
                    waits = recording.reader.verb(index) is Verb.WAIT
                    self.status[step.origin] = Status.WAITING if waits else Status.SUSPENDED
                self.status[step.target] = Status.RUNNING
            case Finish():
                failed = step.how in (HowEnded.FAILED, HowEnded.IGNORED)
                self.status[step.coroutine] = Status.FAILED if failed else Status.FINISHED
            case Line() | Output():
                assert self.status[step.coroutine] is Status.RUNNING
        return dict(self.status)


def statuses(state: CoroutineStates) -> dict[int, Status]:
    return {number: one.status for number, one in state.coroutines.items()}


def test_it_is_long_enough_to_show_something(recording: Recording) -> None:
    assert marks(recording) >= (1 if recording.meta.level == "switches" else 2)


def test_every_state_is_what_the_steps_say(recording: Recording) -> None:
    plain = Plain()
    for index in range(len(recording)):
        expected = plain.after(recording, index)
        if index % 23 == 0 or index > len(recording) - 20:
            assert statuses(recording.state(index)) == expected, index


def test_a_state_does_not_depend_on_what_was_asked_before(recording: Recording) -> None:
    count = len(recording)
    forward = [_everything(recording.state(i)) for i in range(0, count, 199)]
    with Recording(recording.path) as other:
        backward = [_everything(other.state(i)) for i in reversed(range(0, count, 199))]
    assert forward == backward[::-1]
    for number, index in enumerate(range(0, count, 199)):
        with Recording(recording.path) as fresh:
            assert _everything(fresh.state(index)) == forward[number]


def _everything(state: CoroutineStates) -> object:
    return state.coroutines, [state.locals(number) for number in state.live], state.running


def test_exactly_one_runs_where_there_is_one_thread(recording: Recording) -> None:
    for index in range(0, len(recording), 37):
        if not isinstance(recording[index], Finish):
            assert len(recording.state(index).running) == 1


def test_who_takes_a_step_runs(recording: Recording) -> None:
    for index in range(0, len(recording), 29):
        step = recording[index]
        if isinstance(step, Line | Output | Switch):
            assert recording.state(index).running == [step.coroutine]


def test_locals_are_all_changes_of_the_frame_so_far(recording: Recording) -> None:
    """Snapshots give the same as the whole chain of the frame's lines does."""
    frames: dict[int, dict[str, str]] = {}
    checked = 0
    for step in recording:
        if not isinstance(step, Line):
            continue
        reference = recording.reader.detail_reference(step.step)
        previous = recording.reader.detail(reference)[0]
        variables = dict(frames.get(previous, {}))
        was = dict(variables)
        for change in step.changed:
            if change.value is None:
                variables.pop(change.name, None)
            else:
                variables[change.name] = change.value
        frames[reference] = variables
        if step.step % 13 == 0:
            seen = recording.state(step.step).locals(step.coroutine)
            assert {one.name: one.value for one in seen} == variables
            names = {change.name for change in step.changed}
            assert {one.name for one in seen if one.changed} == names & set(variables)
            assert all(one.was == was.get(one.name) for one in seen if one.changed)
            checked += 1
    assert checked > 50 or recording.meta.level == "switches"


def test_spawns_come_in_the_order_of_their_ids_and_once(recording: Recording) -> None:
    spawns = [step for step in recording if isinstance(step, Spawn)]
    assert [step.coroutine for step in spawns] == list(range(1, len(spawns) + 1))
    assert [one.spawned for one in recording.coroutines] == [step.step for step in spawns]


def test_nobody_does_anything_after_it_has_finished(recording: Recording) -> None:
    gone: set[int] = set()
    for step in recording:
        if isinstance(step, Finish):
            gone.add(step.coroutine)
        else:
            assert step.coroutine not in gone


def test_a_coroutine_leaves_only_what_it_entered(recording: Recording) -> None:
    """Each switch begins where the one before it ended."""
    running = 1
    for step in recording:
        if isinstance(step, Switch):
            assert step.origin == running
            running = step.target


def test_time_is_found_again(recording: Recording) -> None:
    for index in range(0, len(recording), 97):
        found = recording.at_time(recording[index].t_ns)
        assert found >= index
        assert recording[found].t_ns == recording[index].t_ns


def test_going_to_a_far_step_reads_little(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the last mark at most: how much there is before it makes no difference."""
    with Recording(recording.path) as fresh:
        rows: list[int] = []
        span = fresh.reader.steps.span

        def counted(start: int, stop: int) -> Iterator[tuple[Any, ...]]:
            rows.append(stop - start)
            return span(start, stop)

        monkeypatch.setattr(fresh.reader.steps, "span", counted)
        fresh.state(len(fresh) - 1)
        fresh.state(len(fresh) // 2)
    live = len(recording.state(len(recording) - 1).live)
    assert max(rows) <= max(layout.MARK_EVERY, 4 * live) + 1000


def test_a_recording_that_grows_is_read_as_it_will_be_in_the_end(tmp_path: Path) -> None:
    """The child waits after each round until its steps were looked at."""
    bench = Workbench(tmp_path)
    script = bench.script("""
        import sys
        def f(n):
            square = n * n
            print(square, flush=True)
        for n, _ in enumerate(sys.stdin): f(n)
    """)
    record = bench.new_record()
    with subprocess.Popen(
        probe_command(record, [script]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        seen = []
        for n in range(5):
            child.stdin.write(b"go\n")
            child.stdin.flush()
            assert child.stdout.readline() == f"{n * n}\n".encode()
            if n == 0:
                growing = Recording(record)
            growing.refresh()
            seen.append((len(growing), list(growing)[:-2]))
            assert growing.growing
        child.stdin.close()
    growing.refresh()
    whole = list(growing)
    growing.close()
    for count, steps in seen:
        assert count <= len(whole)
        assert steps == whole[: len(steps)]
    assert [count for count, _ in seen] == sorted({count for count, _ in seen})
