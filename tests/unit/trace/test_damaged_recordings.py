"""Damaged, foreign and hostile recordings: a sentence that names the file, and nothing else."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coroplay.trace import Recording, RecordingError, layout
from coroplay.trace.layout import Kind, SummaryStatus, Table, Verb
from tests.support.programs import environment
from tests.support.writing import META, Written, small

TABLES = (
    layout.STEPS,
    layout.DETAILS,
    layout.COROUTINES,
    layout.LOCATIONS,
    layout.MARKS,
    layout.TEXTS,
)
FILES = (*(table.name for table in TABLES), layout.META)


def read_everything(folder: Path) -> None:
    """Look at all there is, as a playground would. Raises RecordingError, or nothing."""
    with Recording(folder) as recording:
        faults: list[RecordingError] = []
        looks: list[Callable[[], object]] = [
            lambda: recording.coroutines,
            lambda: recording.notes,
            lambda: recording.ending,
            lambda: recording.growing,
            lambda: recording.at_time(recording.elapsed_ns // 2),
        ]
        for index in range(len(recording)):
            looks.append(lambda index=index: recording[index])  # type: ignore[misc]
            looks.append(lambda index=index: _state(recording, index))  # type: ignore[misc]
        for look in looks:
            try:
                look()
            except RecordingError as error:
                faults.append(error)
        for fault in faults:
            assert str(folder) in str(fault), "it names the file"
        if faults:
            raise faults[0]


def _state(recording: Recording, index: int) -> None:
    state = recording.state(index)
    faults: list[RecordingError] = []
    for number in {*state.live, *state.coroutines}:
        try:
            state.of(number)
            state.locals(number)
        except RecordingError as error:
            faults.append(error)
    assert set(state.running) <= set(state.live)
    if faults:
        raise faults[0]


def is_told_or_fine(folder: Path) -> None:
    """Nothing but a RecordingError of one sentence may come of it."""
    try:
        read_everything(folder)
    except RecordingError as error:
        sentence = str(error)
    else:
        return
    assert sentence
    assert "\n" not in sentence


def test_a_whole_one_is_fine(tmp_path: Path) -> None:
    read_everything(small().save(tmp_path))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_cut_short_anywhere(tmp_path: Path, table: Table) -> None:
    whole = bytes(small().save(tmp_path).joinpath(table.name).read_bytes())
    path = tmp_path / table.name
    for end in [*range(20), *range(layout.HEADER_SIZE - 4, len(whole))]:
        path.write_bytes(whole[:end])
        if end < layout.HEADER.size:
            with pytest.raises(RecordingError, match=f"{table.name} is damaged: it ends within"):
                Recording(tmp_path)
        else:
            is_told_or_fine(tmp_path)


@pytest.mark.parametrize("file", [layout.META, layout.ENDING])
def test_json_cut_short_anywhere(tmp_path: Path, file: str) -> None:
    small().save(tmp_path)
    (tmp_path / layout.ENDING).write_text('{"kind": "exit", "status": 0, "pipe_closed": false}')
    path = tmp_path / file
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(RecordingError, match=f"{file} is damaged"):
            read_everything(tmp_path)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "link", "empty", "foreign"])
def test_something_else_in_a_files_place(tmp_path: Path, file: str, kind: str) -> None:
    path = small().save(tmp_path) / file
    content = path.read_bytes()
    path.unlink()
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "link":
            (tmp_path / "elsewhere").write_bytes(content)
            path.symlink_to("elsewhere")
        case "empty":
            path.touch()
        case "foreign":
            path.write_bytes(os.urandom(600))
        case _:
            pass
    with pytest.raises(RecordingError, match=f"{file}|{tmp_path}"):
        read_everything(tmp_path)


def test_something_else_in_the_recordings_place(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, tmp_path / "missing", tmp_path / "file" / "below", Path("a\0b")):
        with pytest.raises(RecordingError, match="there is no recording at"):
            Recording(path)
    with pytest.raises(RecordingError, match="not a recording"):
        Recording(tmp_path)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        Recording(tmp_path / ("x" * 5000))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_another_version_says_what_to_do(tmp_path: Path, table: Table) -> None:
    made = small()
    made.tables[table][: layout.HEADER.size] = layout.HEADER.pack(
        layout.MAGIC, 1, table.number, table.row_size
    )
    with pytest.raises(RecordingError, match=f"{table.name} has format 1; .* reads format 2"):
        Recording(made.save(tmp_path))


def test_tables_that_changed_places(tmp_path: Path) -> None:
    small().save(tmp_path)
    (tmp_path / "details").replace(tmp_path / "aside")
    (tmp_path / "marks").replace(tmp_path / "details")
    with pytest.raises(RecordingError, match="details is damaged: its header is that of another"):
        Recording(tmp_path)


@pytest.mark.parametrize(
    "field",
    [name for name in META if name not in ("module", "accelerator_why_not", "untested", "own")],
)
def test_meta_without_a_field(tmp_path: Path, field: str) -> None:
    made = small()
    del made.meta[field]
    with pytest.raises(RecordingError, match=r"meta\.json is damaged: a field"):
        Recording(made.save(tmp_path))


META_GARBAGE: list[tuple[str, Any]] = [
    ("pid", None),
    ("pid", "x"),
    ("pid", []),
    ("versions", []),
    ("versions", 3),
    ("arguments", None),
    ("arguments", 5),
    ("level", "everything"),
    ("accelerator", 7),
    ("own", 7),
]


@pytest.mark.parametrize(("field", "value"), META_GARBAGE)
def test_meta_with_a_wrong_field(tmp_path: Path, field: str, value: object) -> None:
    made = small()
    made.meta[field] = value
    with pytest.raises(RecordingError, match=r"meta\.json is damaged: a field"):
        Recording(made.save(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "null",
        '"x"',
        "{",
        "[" * 100_000,
        '{"a":' * 100_000,
        "\xff",
        "9" * 5000,
        " " * (2 << 20),
    ],
    ids=lambda text: text[:5] or "empty",
)
def test_meta_that_is_no_object(tmp_path: Path, text: str) -> None:
    small().save(tmp_path).joinpath(layout.META).write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordingError, match=r"meta\.json is damaged"):
        Recording(tmp_path)


@pytest.mark.parametrize("number", ["Infinity", "1e999"])
@pytest.mark.parametrize("file", [layout.META, layout.ENDING])
def test_numbers_without_end(tmp_path: Path, file: str, number: str) -> None:
    small().save(tmp_path)
    (tmp_path / layout.META).write_text(
        json.dumps(META).replace("1234", number if file == layout.META else "1")
    )
    (tmp_path / layout.ENDING).write_text(
        f'{{"kind": "exit", "status": {number}, "pipe_closed": false}}'
    )
    with pytest.raises(RecordingError, match=file):
        read_everything(tmp_path)


def test_every_field_out_of_range(tmp_path: Path) -> None:
    whole = small()
    whole.save(tmp_path)
    for table in TABLES:
        data = bytes(whole.tables[table])
        for at in range(layout.HEADER_SIZE, len(data) - 3, 4):
            for value in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
                changed = data[:at] + value.to_bytes(4, "little") + data[at + 4 :]
                (tmp_path / table.name).write_bytes(changed)
                is_told_or_fine(tmp_path)
        (tmp_path / table.name).write_bytes(data)


def test_a_mark_that_leaves_out_where_one_was_left(tmp_path: Path) -> None:
    made = Written()
    main = made.spawn("main", Kind.MAIN, at_once=True)
    made.mark((main, SummaryStatus.SUSPENDED, 0, 0))
    made.spawn("other")
    is_told_or_fine(made.save(tmp_path))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_flipped_bits(tmp_path: Path, data: st.DataObject) -> None:
    whole = small()
    whole.save(tmp_path)
    table = data.draw(st.sampled_from(TABLES))
    content = bytearray(whole.tables[table])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    (tmp_path / table.name).write_bytes(content)
    is_told_or_fine(tmp_path)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    meta=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(META)), inner),
    )
)
def test_any_meta(tmp_path: Path, meta: object) -> None:
    small().save(tmp_path).joinpath(layout.META).write_text(json.dumps(meta))
    is_told_or_fine(tmp_path)


def hostile_steps(folder: Path) -> None:
    """A terabyte of steps, almost all of them a hole: the search for the end finds rows."""
    made = small()
    made.save(folder)
    path = folder / layout.STEPS.name
    size = 1 << 40
    rows = (size - layout.HEADER_SIZE) // layout.STEP.size
    row = layout.STEP.pack(1, 1, int(Verb.LINE) << layout.TIME_BITS | 5)
    with path.open("r+b") as file:
        file.truncate(size)
        found = 1
        while 2 * found < rows:
            found *= 2
            file.seek(layout.HEADER_SIZE + (found - 1) * layout.STEP.size)
            file.write(row)
        file.seek(layout.HEADER_SIZE + (found - 200) * layout.STEP.size)
        file.write(row * 200)


def hostile_locals(folder: Path) -> None:
    """One line whose changed locals are 4 million separators."""
    made = small()
    text = made.text(b"\x1e" * 4_000_000)
    made.step(Verb.LINE, 1, made.row(layout.DETAILS, 0, 0, text, 0))
    made.save(folder)


def hostile_mark(folder: Path) -> None:
    """A mark with a million coroutines."""
    made = small()
    entry = b"".join(
        layout.SUMMARY_ENTRY.pack(n, SummaryStatus.RUNNING, 0, 0) for n in range(1, 1_000_001)
    )
    made.row(layout.MARKS, made.count, made.text(entry), 1_000_000, 1)
    made.switch(Verb.SWITCH, 1, 2)
    made.save(folder)


READ = """
import sys
from pathlib import Path
from coroplay.trace import Recording, RecordingError
try:
    with Recording(Path(sys.argv[1])) as recording:
        last = len(recording) - 1
        recording[last]
        recording.state(last).of(1)
        recording.state(last).locals(1)
except RecordingError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "make",
    [
        hostile_steps,
        hostile_locals,
        hostile_mark,
    ],
)
def test_hostile_sizes_take_little_memory_and_time(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path)
    limit = 160 << 20
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        env=environment(),
        capture_output=True,
        timeout=20,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_recording_that_does_not_open_leaves_no_file_open(tmp_path: Path) -> None:
    small().save(tmp_path).joinpath(layout.META).write_text("garbage")
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(RecordingError):
            Recording(tmp_path)
    assert len(list(Path("/dev/fd").iterdir())) == before
