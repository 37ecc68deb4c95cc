"""Running the program as the real ``__main__``, as plain Python would."""

from __future__ import annotations

import os
import signal
import sys
import types
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from types import CodeType, TracebackType
from typing import Any, Final

_OWN: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")


class _Loadable:
    """What both kinds of program have in common."""

    def load(self) -> Callable[[], Any]:
        """What is returned runs the program."""
        raise NotImplementedError

    def load_and_run(self) -> None:
        """Load the program and run it, with nothing to be done in between."""
        self.load()()


class Script(_Loadable):
    """A program that is a file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.code: CodeType | None = None
        """The program's own code, once it is loaded."""
        self.root = os.path.dirname(os.path.abspath(path))

    def prepare(self, arguments: list[str]) -> None:
        """Set up `sys` as ``python SCRIPT ARGUMENTS`` does."""
        sys.argv = [self.path, *arguments]
        sys.path.insert(0, os.path.dirname(os.path.realpath(self.path)))

    def load(self) -> Callable[[], Any]:
        """Compile the program; what is returned runs it. Raises what compiling raises."""
        full = os.path.abspath(self.path)
        with open(full, "rb") as file:
            source = file.read()
        _check_encoding(source, full)
        module = _fresh_main()
        module.__file__ = full
        module.__loader__ = SourceFileLoader("__main__", full)
        module.__dict__["__cached__"] = None
        self.code = code = compile(source, full, "exec", dont_inherit=True)
        return lambda: exec(code, module.__dict__)


def _check_encoding(source: bytes, path: str) -> None:
    """Refuse what `compile` would take for Latin-1, in the words of Python running a file."""
    if b"\0" in source:
        line = source.count(b"\n", 0, source.index(b"\0")) + 1
        text = source.split(b"\n")[line - 1].partition(b"\0")[0].decode("utf-8", "replace")
        raise SyntaxError("source code cannot contain null bytes", (path, line, None, text))
    at = _undecodable(source)
    if at is None or _declares_encoding(source):
        return
    line = source.count(b"\n", 0, at) + 1
    raise SyntaxError(
        f"Non-UTF-8 code starting with '\\x{source[at]:02x}' in file {path} on line {line}, "
        "but no encoding declared; see https://peps.python.org/pep-0263/ for details"
    )


def _undecodable(source: bytes) -> int | None:
    try:
        source.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def _declares_encoding(source: bytes) -> bool:
    import io
    import tokenize

    try:
        found, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        return False
    return found not in ("utf-8", "utf-8-sig")


class Module(_Loadable):
    """A program that is a module, as after ``-m``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.code: CodeType | None = None
        top = _origin(name.partition(".")[0])
        self.root = os.path.dirname(os.path.abspath(top)) if top else os.getcwd()

    def prepare(self, arguments: list[str]) -> None:
        """Set up `sys` as ``python -m MODULE ARGUMENTS`` does."""
        sys.argv = ["-m", *arguments]
        sys.path.insert(0, os.getcwd())

    def load(self) -> Callable[[], Any]:
        """What is returned runs the module."""
        import runpy

        _fresh_main()
        run: Callable[..., Any] = runpy._run_module_as_main  # type: ignore[attr-defined]
        return lambda: run(self.name)


Program = Script | Module


def _origin(name: str) -> str | None:
    """The file of a top-level module, found from the current directory first."""
    sys.path.insert(0, os.getcwd())
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    finally:
        sys.path.pop(0)
    if spec is None:
        return None
    places = spec.submodule_search_locations
    return os.path.join(next(iter(places)), "__init__.py") if places else spec.origin


def _fresh_main() -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=sys.modules["builtins"], __annotations__={})
    sys.modules["__main__"] = module
    return module


def has_generators(code: CodeType | None) -> bool:
    """Whether a program's own file has a generator in it."""
    if code is None:
        return False
    return bool(code.co_flags & 0x20) or any(
        has_generators(one) for one in code.co_consts if isinstance(one, CodeType)
    )


def run(body: Callable[[], Any]) -> BaseException | None:
    """Load or run the program, and report what ends it as plain Python does: that exception."""
    error = attempt(body)
    if error is not None and not isinstance(error, SystemExit):
        _report(error)
    return error


def attempt(body: Callable[[], Any]) -> BaseException | None:
    """Call something; the exception that it ended with, no longer being handled."""
    try:
        body()
    except BaseException as error:  # noqa: BLE001  (whatever the program ends with)
        return error
    return None


def _the_programs(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the probe's frames, wherever they are."""
    while trace is not None and _is_own(trace):
        trace = trace.tb_next
    at = trace
    while at is not None:
        while at.tb_next is not None and _is_own(at.tb_next):
            at.tb_next = at.tb_next.tb_next
        at = at.tb_next
    return trace


def _is_own(trace: TracebackType) -> bool:
    return trace.tb_frame.f_code.co_filename.startswith(_OWN)


def _report(error: BaseException) -> None:
    error.__traceback__ = trace = _the_programs(error.__traceback__)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    second = attempt(lambda: sys.excepthook(type(error), error, trace))
    if isinstance(second, SystemExit):
        raise second
    if second is not None:
        # As the interpreter does when the program's own hook fails.
        own = _the_programs(second.__traceback__)
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(second), second.with_traceback(own), own)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, trace)


def die_of_interrupt() -> None:
    """End as a process that was interrupted does: by the signal itself."""
    for stream in (sys.stdout, sys.stderr):
        # Either may be closed or gone; the interpreter does not mind, either.
        attempt(lambda stream=stream: stream.flush())  # type: ignore[misc]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
