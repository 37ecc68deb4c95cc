"""Reading recordings made by hand: every field of the format, and growing ones."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from coroplay.trace import (
    Awaited,
    Change,
    Coroutine,
    CoroutineKind,
    Ending,
    EndingKind,
    Finish,
    How,
    HowEnded,
    Line,
    Local,
    Notes,
    Output,
    OutputStream,
    Place,
    Recording,
    RecordingError,
    Spawn,
    Status,
    Switch,
    Wait,
    is_growing,
    layout,
    write_ending,
)
from coroplay.trace.layout import Kind, SummaryStatus, Verb, WaitKind
from tests.support.writing import META, Written, small


def place(line: int) -> Place:
    return Place("/somewhere/program.py", line, "f", "")


def test_every_kind_of_step_is_read(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert list(recording) == [
            Spawn(0, 10, 1, None, None),
            Line(1, 20, 1, place(3), (Change("x", "1"), Change("y", "'a'"))),
            Spawn(2, 30, 2, None, 1),
            Switch(3, 40, 2, None, 1, How.START, "'Lyon'"),
            Output(4, 50, 2, place(7), OutputStream.STDOUT, b"hi\xff"),
            Finish(5, 60, 2, place(8), HowEnded.RETURNED, "5", None),
            Switch(6, 70, 1, None, 2, How.RETURN, "5"),
            Line(7, 80, 1, place(4), (Change("x", "2"), Change("y", None))),
            Finish(8, 90, 1, None, HowEnded.FAILED, None, "ValueError()"),
        ]


def test_it_is_a_sequence(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        steps = list(recording)
        assert len(recording) == 9
        assert recording[0] == steps[0]
        assert recording[-1] == steps[8] == recording[8]
        assert recording[2:5] == steps[2:5]
        assert recording[::-2] == steps[::-2]
        assert list(recording.steps(3, 6)) == steps[3:6]
        assert list(recording.steps(7, 100)) == steps[7:]
        assert steps[4] in recording
        for index in (9, -10):
            with pytest.raises(IndexError):
                _ = recording[index]
            with pytest.raises(IndexError):
                recording.state(index)


@pytest.mark.parametrize(
    ("t_ns", "step"), [(0, 0), (9, 0), (10, 0), (19, 0), (20, 1), (89, 7), (90, 8), (1 << 60, 8)]
)
def test_at_time_is_the_last_step_at_or_before(tmp_path: Path, t_ns: int, step: int) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert recording.at_time(t_ns) == step
        assert recording.elapsed_ns == 90


def test_an_empty_recording(tmp_path: Path) -> None:
    with Recording(Written().save(tmp_path)) as recording:
        assert (len(recording), list(recording), recording.coroutines) == (0, [], [])
        assert (recording.at_time(5), recording.elapsed_ns) == (0, 0)


def test_who_it_was(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert recording.coroutines == [
            Coroutine(1, CoroutineKind.MAIN, "main", None, None, None, 0),
            Coroutine(2, CoroutineKind.GEVENT, "eat('Lyon')", 1, None, None, 2),
        ]
        for number in (0, 3, -1, 1 << 31):
            with pytest.raises(RecordingError):
                recording.coroutine(number)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_coroutine(tmp_path: Path, kind: Kind) -> None:
    made = Written()
    made.spawn("one", kind)
    with Recording(made.save(tmp_path)) as recording:
        assert recording.coroutine(1).kind.name == kind.name


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb >= layout.FIRST_SWITCH])
def test_every_how_of_a_switch(tmp_path: Path, verb: Verb) -> None:
    made = Written()
    made.switch(verb, made.spawn("one"), made.spawn("two"))
    with Recording(made.save(tmp_path)) as recording:
        step = recording[2]
        assert isinstance(step, Switch)
        assert (step.how.name, step.origin, step.target, step.value) == (verb.name, 1, 2, None)


def test_states_follow_from_the_steps(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        statuses = [
            {one.coroutine: str(one.status) for one in recording.state(i).coroutines.values()}
            for i in range(len(recording))
        ]
    assert statuses == [
        {1: "running"},
        {1: "running"},
        {1: "running", 2: "ready"},
        {1: "suspended", 2: "running"},
        {1: "suspended", 2: "running"},
        {1: "suspended", 2: "finished"},
        {1: "running", 2: "finished"},
        {1: "running", 2: "finished"},
        {1: "failed", 2: "finished"},
    ]


def test_a_state_knows_place_time_and_outcome(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        suspended = recording.state(4).of(1)
        assert (suspended.status, suspended.place, suspended.since_ns) == (
            Status.SUSPENDED,
            place(3),
            40,
        )
        failed = recording.state(8).of(1)
        assert (failed.outcome, failed.since_ns) == ("ValueError()", 90)
        finished = recording.state(6).of(2)
        assert (finished.outcome, finished.place, finished.since_ns) == ("5", place(8), 60)


def test_a_wait_says_what_is_waited_for(tmp_path: Path) -> None:
    made = Written()
    main, hub = made.spawn("main", Kind.MAIN, at_once=True), made.spawn("hub", Kind.HUB)
    made.wait(main, hub, WaitKind.ALL, (hub, ""), (0, "event"))
    made.switch(Verb.WAKE, hub, main)
    where = made.place(4, source="queue.get()")
    made.step(Verb.WAIT, hub, made.row(layout.DETAILS, main, where, 0, 0))
    with Recording(made.save(tmp_path)) as recording:
        waits = [recording.state(i).of(main).waiting_on for i in (2, 3, 4)]
        members = (Awaited(hub, ""), Awaited(None, "event"))
        assert waits == [Wait(WaitKind.ALL, "", None, members, 0), None, None]
        assert recording.state(4).of(main).status is Status.WAITING


def test_locals_know_what_changed_and_from_what(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert recording.state(0).locals(1) == ()
        assert recording.state(6).locals(1) == (
            Local("x", "1", changed=True, was=None),
            Local("y", "'a'", changed=True, was=None),
        )
        assert recording.state(7).locals(1) == (Local("x", "2", changed=True, was="1"),)
        assert recording.state(8).locals(1) == ()
        assert recording.state(7).locals(2) == ()


def test_locals_of_a_long_frame_are_found_from_its_last_snapshot(tmp_path: Path) -> None:
    made = Written()
    main = made.spawn("main", Kind.MAIN, at_once=True)
    where, before = made.place(1), 0
    for n in range(1, 200):
        whole = 0
        if n % layout.SNAPSHOT_EVERY == 0:
            whole = made.text(f"first\x1fyes\x1en\x1f{n}")
        changed = made.text(f"n\x1f{n}" if n > 1 else "first\x1fyes\x1en\x1f1")
        before = made.row(layout.DETAILS, before, where, changed, whole)
        made.step(Verb.LINE, main, before)
    with Recording(made.save(tmp_path)) as recording:
        for n in range(2, 200):
            assert recording.state(n).locals(main) == (
                Local("first", "yes", changed=False, was=None),
                Local("n", str(n), changed=True, was=str(n - 1)),
            )


def test_a_mark_is_where_reading_begins(tmp_path: Path) -> None:
    """Marks are trusted: what comes before one is not read again."""
    made = Written()
    main = made.spawn("main", Kind.MAIN, at_once=True)
    other = made.spawn("other")
    made.mark((main, SummaryStatus.RUNNING, 0, 0), (other, SummaryStatus.SUSPENDED, 1, 0))
    made.switch(Verb.SWITCH, main, main)
    with Recording(made.save(tmp_path)) as recording:
        assert recording.state(2).of(other).status is Status.SUSPENDED
    with Recording(made.save(tmp_path)) as recording:
        assert recording.state(0).of(main).status is Status.RUNNING


def test_it_grows_while_it_is_written(tmp_path: Path) -> None:
    made = small()
    steps = bytes(made.tables[layout.STEPS])
    zeros = bytes(1 << 16)
    made.tables[layout.STEPS][:] = steps[: layout.HEADER_SIZE] + zeros
    with Recording(made.save(tmp_path)) as recording, (tmp_path / "steps").open("r+b") as file:
        assert len(recording) == 0
        for count in range(1, 10):
            end = layout.HEADER_SIZE + count * layout.STEP.size
            file.seek(end - layout.STEP.size)
            file.write(steps[end - layout.STEP.size : end - 8])
            file.flush()
            assert recording.refresh() == count - 1, "the stamp is not there yet"
            file.write(steps[end - 8 : end])
            file.flush()
            assert len(recording) == count - 1, "nobody looked"
            assert recording.refresh() == count
            assert recording[count - 1].step == count - 1
            assert recording.state(count - 1).index == count - 1


def test_a_name_and_a_finish_may_come_later(tmp_path: Path) -> None:
    made = small()
    name = made.text("a better name")
    with Recording(made.save(tmp_path)) as recording:
        assert recording.coroutine(2).name == "eat('Lyon')"
        with (tmp_path / "coroutines").open("r+b") as file:
            file.seek(layout.HEADER_SIZE + layout.COROUTINE.size)
            file.write(name.to_bytes(4, "little"))
        assert recording.coroutine(2).name == "a better name"


def test_a_row_that_was_never_written_ends_the_recording(tmp_path: Path) -> None:
    made = small()
    at = layout.HEADER_SIZE + 7 * layout.STEP.size
    made.tables[layout.STEPS][at : at + layout.STEP.size] = bytes(layout.STEP.size)
    with Recording(made.save(tmp_path)) as recording:
        assert len(recording) == 7


def test_notes(tmp_path: Path) -> None:
    made = small()
    reason = b"No space left on device"
    note = layout.NOTES.pack(4, 10, 8, len(reason)) + reason
    made.tables[layout.STEPS][layout.NOTES_OFFSET : layout.NOTES_OFFSET + len(note)] = note
    with Recording(made.save(tmp_path)) as recording:
        assert recording.notes == Notes(3, 9, 7, "No space left on device")
    with Recording(small().save(tmp_path)) as recording:
        assert recording.notes == Notes(None, None, None, "")


def test_meta(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        meta = recording.meta
        assert (meta.program, meta.arguments, meta.pid) == ("/somewhere/program.py", ("a",), 1234)
        assert (meta.level, meta.python, meta.versions) == ("lines", "3.13.0", {"greenlet": "3.5"})
        assert meta.module is False
        assert set(META) == {name for name in dir(meta) if not name.startswith("_")}


@pytest.mark.parametrize("kind", EndingKind)
def test_the_ending_is_kept(tmp_path: Path, kind: EndingKind) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert recording.ending is None
        write_ending(tmp_path, Ending(kind, 130, pipe_closed=True))
        assert recording.ending == Ending(kind, 130, pipe_closed=True)
        assert sorted(path.name for path in tmp_path.glob("ending*")) == ["ending.json"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "other", "status": 1, "pipe_closed": False},
        {"kind": "exit"},
        [],
        "x",
        {"kind": "exit", "status": None, "pipe_closed": False},
    ],
)
def test_a_damaged_ending_is_told(tmp_path: Path, fields: object) -> None:
    with Recording(small().save(tmp_path)) as recording:
        (tmp_path / layout.ENDING).write_text(json.dumps(fields))
        with pytest.raises(RecordingError, match=r"ending\.json is damaged"):
            _ = recording.ending


def test_it_is_growing_while_the_writer_holds_its_lock(tmp_path: Path) -> None:
    with Recording(small().save(tmp_path)) as recording:
        assert not recording.growing
        writer = os.open(tmp_path / "steps", os.O_RDWR)
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert recording.growing
        assert is_growing(tmp_path)
        os.close(writer)
        assert not is_growing(tmp_path)


def test_what_is_not_there_is_not_growing(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not a recording"):
        is_growing(tmp_path)


def test_a_recording_that_was_closed_says_so(tmp_path: Path) -> None:
    recording = Recording(small().save(tmp_path / "recording"))
    recording.close()
    for ask in (
        recording.refresh,
        lambda: recording.coroutine(1),
        lambda: recording.count_spawned(3),
    ):
        with pytest.raises(RecordingError, match="is closed"):
            ask()
