"""Recordings made by hand, row by row, for tests of what reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from coroplay.trace import layout
from coroplay.trace.layout import Kind, SummaryStatus, Table, Verb, WaitKind

META: dict[str, Any] = {
    "program": "/somewhere/program.py",
    "module": False,
    "arguments": ["a"],
    "level": "lines",
    "python": "3.13.0",
    "versions": {"greenlet": "3.5"},
    "started": "2026-01-01T00:00:00+0000",
    "pid": 1234,
    "directory": "/somewhere",
    "accelerator": "python",
    "accelerator_why_not": "it was not built",
    "untested": "",
    "own": ["/somewhere"],
}


class Written:
    """A recording in the making, kept as bytes until it is saved."""

    def __init__(self) -> None:
        self.tables: dict[Table, bytearray] = {
            table: bytearray(layout.header(table))
            for table in (
                layout.STEPS,
                layout.DETAILS,
                layout.COROUTINES,
                layout.LOCATIONS,
                layout.MARKS,
                layout.TEXTS,
            )
        }
        self.meta: dict[str, Any] = dict(META)
        self.count = 0
        self.time = 0

    def text(self, text: str | bytes) -> int:
        """Add a text; its reference."""
        data = text.encode() if isinstance(text, str) else text
        file = self.tables[layout.TEXTS]
        reference = len(file) // layout.TEXT_ALIGNMENT
        file += layout.LENGTH.pack(len(data)) + data
        file += bytes(-len(file) % layout.TEXT_ALIGNMENT)
        return reference

    def row(self, table: Table, *fields: int) -> int:
        """Add a row to one of the tables; its reference, from 1."""
        packer = {
            layout.DETAILS: layout.DETAIL,
            layout.COROUTINES: layout.COROUTINE,
            layout.LOCATIONS: layout.LOCATION,
            layout.MARKS: layout.MARK,
        }[table]
        file = self.tables[table]
        file += packer.pack(*fields)
        return (len(file) - layout.HEADER_SIZE) // packer.size

    def place(self, line: int, file: str = "/somewhere/program.py", source: str = "") -> int:
        """Add a location; its reference."""
        text = self.text(source) if source else 0
        return self.row(layout.LOCATIONS, self.text(file), self.text("f"), line, text)

    def step(self, verb: int, coroutine: int, detail: int = 0, t: int | None = None) -> int:
        """Add a step; its number."""
        self.time = self.time + 10 if t is None else t
        stamp = verb << layout.TIME_BITS | self.time
        self.tables[layout.STEPS] += layout.STEP.pack(coroutine, detail, stamp)
        self.count += 1
        return self.count - 1

    def spawn(
        self, name: str, kind: Kind = Kind.GREENLET, creator: int = 0, at_once: bool = False
    ) -> int:
        """Add a coroutine and its spawn; its id."""
        number = self.row(layout.COROUTINES, self.text(name), 0, 0, self.count, 0, creator, 0, kind)
        self.step(Verb.SPAWN, number, self.row(layout.DETAILS, creator, 0, 0, int(at_once)))
        return number

    def finish(self, coroutine: int) -> int:
        """End a coroutine; the number of its step."""
        step = self.step(Verb.FINISH, coroutine)
        rows = self.tables[layout.COROUTINES]
        at = layout.HEADER_SIZE + (coroutine - 1) * layout.COROUTINE.size
        fields = list(layout.COROUTINE.unpack_from(rows, at))
        fields[4] = step + 1
        layout.COROUTINE.pack_into(rows, at, *fields)
        return step

    def switch(self, verb: Verb, origin: int, target: int, value: str | None = None) -> int:
        """Add a switch; the number of its step."""
        text = 0 if value is None else self.text(value)
        return self.step(verb, target, self.row(layout.DETAILS, origin, 0, text, 0))

    def wait(self, origin: int, hub: int, kind: WaitKind, *members: tuple[int, str]) -> int:
        """Add a wait; the number of its step."""
        text = self.text(layout.pack_wait(kind, "", None, 0, members))
        return self.step(Verb.WAIT, hub, self.row(layout.DETAILS, origin, 0, 0, text))

    def mark(self, *entries: tuple[int, SummaryStatus, int, int]) -> None:
        """Add a mark before the next step."""
        data = b"".join(layout.SUMMARY_ENTRY.pack(*entry) for entry in entries)
        self.row(layout.MARKS, self.count, self.text(data), len(entries), 1)

    def save(self, folder: Path) -> Path:
        """Write the files."""
        folder.mkdir(exist_ok=True)
        for table, data in self.tables.items():
            (folder / table.name).write_bytes(data)
        (folder / layout.META).write_text(json.dumps(self.meta))
        return folder


def small() -> Written:
    """Two coroutines that switch, a line, output and ends: every kind of step once."""
    made = Written()
    main = made.spawn("main", Kind.MAIN, at_once=True)
    line = made.row(layout.DETAILS, 0, made.place(3), made.text("x\x1f1\x1ey\x1f'a'"), 0)
    made.step(Verb.LINE, main, line)
    eat = made.spawn("eat('Lyon')", Kind.GEVENT, creator=main)
    made.switch(Verb.START, main, eat, "'Lyon'")
    made.step(Verb.STDOUT, eat, made.row(layout.DETAILS, 0, made.place(7), made.text(b"hi\xff"), 0))
    made.step(Verb.FINISH, eat, made.row(layout.DETAILS, 0, made.place(8), made.text("5"), 0))
    made.switch(Verb.RETURN, eat, main, "5")
    made.mark((main, SummaryStatus.RUNNING, 4, 2))
    after = made.row(layout.DETAILS, line, made.place(4), made.text("x\x1f2\x1ey"), 0)
    made.step(Verb.LINE, main, after)
    made.step(Verb.FAIL, main, made.row(layout.DETAILS, 0, 0, made.text("ValueError()"), 0))
    rows = made.tables[layout.COROUTINES]
    for number, step in ((eat, 5), (main, 8)):
        at = layout.HEADER_SIZE + (number - 1) * layout.COROUTINE.size + 16
        rows[at : at + 4] = (step + 1).to_bytes(4, "little")
    return made


_INTO_GENERATORS: Final = (
    *(Verb.START, Verb.NEXT, Verb.SEND, Verb.RESUME),
    *(Verb.THROW, Verb.CLOSE, Verb.DROPPING),
)


def busy() -> Written:
    """A hub, a generator, a thread and a greenlet that hand control around in every way, twice."""
    made = Written()
    main = made.spawn("main", Kind.MAIN, at_once=True)
    hub = made.spawn("hub", Kind.HUB, creator=main)
    gen = made.spawn("count(3)", Kind.GENERATOR, creator=main)
    thread = made.spawn("thread", Kind.THREAD, at_once=True)
    work = made.spawn("work", creator=main)
    place = made.place(12, source="sleep(0.5)")
    for _ in range(2):
        for verb in (*_INTO_GENERATORS, Verb.SWITCH):
            made.switch(verb, main, gen, "7")
            made.switch(Verb.YIELD, gen, main)
        made.step(Verb.WAIT, hub, made.row(layout.DETAILS, main, place, made.text("sleep(0.5)"), 0))
        made.switch(Verb.WAKE, hub, work)
        made.switch(Verb.KILL, work, main, "GreenletExit()")
        made.switch(Verb.CLOSE, main, gen)
        whole = made.text("n\x1f1\x1em\x1f2")
        line = made.row(layout.DETAILS, 0, place, made.text("n\x1f1"), whole)
        made.step(Verb.LINE, thread, made.row(layout.DETAILS, line, place, made.text("n\x1f2"), 0))
        made.step(Verb.STDERR, work, made.row(layout.DETAILS, 0, place, made.text(b"\x1b[1m\n"), 0))
        running = (main, SummaryStatus.RUNNING, made.count - 2, 0)
        made.mark(running, (work, SummaryStatus.SUSPENDED, made.count - 4, 0))
    made.step(Verb.DROP, gen, made.row(layout.DETAILS, 0, place, 0, 0))
    return made
