"""One watched run from end to end: options, recording, hooks, the program, and its exit status."""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import sys
import time
from typing import Final, NamedTuple

import greenlet

from coroplay import pythons
from coroplay.probe.base import accelerator
from coroplay.probe.files.windows import reason
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.values import exception
from coroplay.probe.install import Hooks
from coroplay.probe.pausing.clock import Clock
from coroplay.probe.pausing.control import Control
from coroplay.probe.program import script as programs
from coroplay.probe.program.own_code import OwnCode
from coroplay.probe.program.prewarmed import receive_arguments
from coroplay.probe.program.script import Module, Program, Script
from coroplay.probe.store import Store
from coroplay.trace import layout

DEFAULT_BUDGET: Final = 500_000
_VALUED: Final = ("--record", "--level", "--budget", "--main-name", "--control", "-m")
_REPEATED: Final = ("--own", "--not-own")
_FLAGS: Final = ("--paused", "--line-buffered")


class Options(NamedTuple):
    """The options of a run, as the host gives them."""

    record: str
    lines: bool
    budget: int
    main_name: str
    control: int | None
    paused: bool
    line_buffered: bool
    program: Program
    own: OwnCode
    arguments: list[str]


def parse(arguments: list[str]) -> Options:
    """Return the options that the arguments give. Raises ValueError.

    The arguments are parsed by hand: they come from a host, not from a person, and the parsers of
    the standard library take a quarter as long to import as the whole probe.
    """
    rest = list(arguments)
    chosen: dict[str, str] = {}
    named: dict[str, list[str]] = {name: [] for name in _REPEATED}
    while rest and rest[0].startswith("-") and "-m" not in chosen:
        name = rest.pop(0)
        if name == "--":
            break
        valued = name in _VALUED or name in _REPEATED
        if not (rest if valued else name in _FLAGS):
            raise ValueError(f"{name} is not understood")
        if name in _REPEATED:
            named[name].append(rest.pop(0))
        else:
            chosen[name] = rest.pop(0) if valued else ""
    if "--record" not in chosen:
        raise ValueError("there is no --record")
    program: Program
    if "-m" in chosen:
        program = Module(chosen["-m"])
        rest = rest[1:] if rest[:1] == ["--"] else rest
    elif rest:
        program, rest = Script(rest[0]), rest[1:]
    else:
        raise ValueError("no program was named")
    control = chosen.get("--control")
    return Options(
        record=chosen["--record"],
        lines=chosen.get("--level", "lines") == "lines",
        budget=int(chosen.get("--budget", DEFAULT_BUDGET)),
        main_name=chosen.get("--main-name", "main"),
        control=int(control) if control else None,
        paused="--paused" in chosen,
        line_buffered="--line-buffered" in chosen,
        program=program,
        own=program.own._replace(named=tuple(named["--own"]), not_own=tuple(named["--not-own"])),
        arguments=rest,
    )


class Run:
    """One run of the program, up to its exit status."""

    def __init__(self, options: Options, store: Store) -> None:
        self._options = options
        self._store = store
        self._hooks = Hooks(store, Scope(*options.own), options.main_name, lines=options.lines)
        self._outcome: str | None = None
        """The exception that ended the program, in short; None if none did."""
        self._failed = False
        self._returned = False
        """True once the program has ended in any way but by a SystemExit."""
        self._interrupted = False
        self._pid = os.getpid()
        self._clock = Clock(store)

    def __call__(self) -> BaseException | None:
        """Run the program; return the exception that ended it, if one did."""
        options = self._options
        atexit.register(self._end)
        if options.control is not None:
            self._clock.install()
        self._store.end.begin()
        self._store.write_clock()
        # Asked on Python 3.11 alone, where it matters: the answer costs compiling the program.
        has_generators = sys.version_info < (3, 12) and options.program.has_generators()
        self._hooks.install(has_generators=has_generators, line_buffered=options.line_buffered)
        self._connect()
        return self._note_outcome(options.program.run())

    def _note_outcome(self, error: BaseException | None) -> BaseException | None:
        """Note how the program ended, without keeping the exception, which holds its frames."""
        self._returned = True
        self._failed = error is not None and not isinstance(error, SystemExit)
        by_hand = not self._options.program.interrupted_for_real
        self._interrupted = by_hand and isinstance(error, KeyboardInterrupt)
        self._outcome = None if error is None else exception(error)
        return error

    def _connect(self) -> None:
        options, recorder = self._options, self._hooks.recorder
        if options.control is None:
            return
        try:
            control = Control(
                options.control, options.record, self._store, self._clock, recorder.choose_path
            )
        except OSError:
            os.close(options.control)  # This tells the host that nobody listens.
            return
        recorder.connect(control)
        if options.paused:
            control.before_first_line()

    def _end(self) -> None:
        """End the recording: registered first, this is the last of all exit functions to run."""
        if os.getpid() == self._pid:
            self._hooks.end(self._outcome, self._failed, self._returned)
        if self._interrupted:
            programs.die_of_interrupt()


def main(arguments: list[str], *, collects: bool) -> None:
    """Run the program that the arguments name, and exit as the program does.

    `collects` says whether the garbage collector, which is off so far, works for the program.
    """
    if arguments[:1] == ["--wait"]:
        sent = receive_arguments(int(arguments[1]))
        if sent is None:
            return
        arguments = sent
    try:
        options = parse(arguments)
    except ValueError as fault:
        sys.exit(f"coroplay.probe: {fault}; it is started by coroplay, not by hand")
    # Python keeps a list for a thread from the first container on that it shows there. The
    # reference shows some: the program, which may count its lists, finds that one from the start.
    repr([None])
    # Everything loaded so far joins the oldest generation at once, so that the program's own
    # collections need not look through it.
    gc.freeze()
    gc.unfreeze()
    if collects:
        gc.enable()
    options.program.prepare(options.arguments)
    store = _open_store(options)
    error = Run(options, store)() if store else _unrecorded(options)
    if isinstance(error, SystemExit):
        raise error
    for_real = options.program.interrupted_for_real and isinstance(error, KeyboardInterrupt)
    # The exception holds the program's frames, which are to be freed as early as in a plain run.
    failed, error = error is not None, None
    if failed and not for_real:
        sys.exit(1)


def _open_store(options: Options) -> Store | None:
    """Make the recording; return None where there is no room, and note the reason in its folder."""
    try:
        _write_meta(options)
        return Store(options.record, options.budget if options.lines else 0)
    except OSError as error:
        with contextlib.suppress(OSError):
            for table in layout.TABLES:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(options.record, table.name))
            _write_meta(options, reason(error))
        return None


def _unrecorded(options: Options) -> BaseException | None:
    """Run the program without recording it; return the exception that ended it, if one did."""
    if options.control is not None:
        os.close(options.control)  # This tells the host that nobody listens.
    return options.program.run()


def _write_meta(options: Options, unrecorded: str = "") -> None:
    program = options.program
    fields = {
        "program": program.name if isinstance(program, Module) else program.path,
        "module": isinstance(program, Module),
        "arguments": options.arguments,
        "level": "lines" if options.lines else "switches",
        "python": ".".join(map(str, sys.version_info[:3])),
        "versions": {"greenlet": greenlet.__version__},
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "pid": os.getpid(),
        "directory": os.getcwd(),
        "own": [*options.own.folders, *filter(None, [options.own.single]), *options.own.named],
        "accelerator": accelerator.name,
        "accelerator_why_not": accelerator.why_not,
        "untested": pythons.untested(),
        **({layout.UNRECORDED: unrecorded} if unrecorded else {}),
    }
    with open(os.path.join(options.record, layout.META), "w") as file:
        json.dump(fields, file)
