"""Programs that are run as the real ``__main__``, as plain Python runs them."""

from __future__ import annotations

import functools
import os
import signal
import sys
import types
from collections.abc import Callable
from importlib.util import find_spec
from types import CodeType, TracebackType
from typing import Any, Final

from coroplay.probe.base.own import is_own
from coroplay.probe.program import clean_stack, own_code


class Script:
    """A program that is a file."""

    interrupted_for_real: Final = True
    """True if the interpreter itself ends by a signal after an interrupt of the program."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.own = own_code.of_script(path)

    def prepare(self, arguments: list[str]) -> None:
        """Set up `sys` as ``python SCRIPT ARGUMENTS`` does."""
        sys.argv = [self.path, *arguments]
        if not sys.flags.safe_path:
            sys.path.insert(0, os.path.dirname(os.path.realpath(self.path)))

    def run(self) -> BaseException | None:
        """Run the file; return the exception that ended it. A SystemExit ends the process."""
        _fresh_main()
        failed: list[int] = []
        error = attempt(lambda: failed.append(clean_stack.run_file(os.path.abspath(self.path))))
        try:
            if error is not None:
                _report(error)
            return sys.last_value if failed and failed[0] else error
        finally:
            # Without the accelerator this frame is among the exception's: it must not hold it.
            del error

    def has_generators(self) -> bool:
        """Tell whether the file has a generator in it; False if it can't be compiled."""
        import warnings

        try:
            with open(self.path, "rb") as file, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _has_generators(compile(file.read(), self.path, "exec", dont_inherit=True))
        except (OSError, SyntaxError, ValueError):
            return False


class Module:
    """A program that is a module, as after ``-m``."""

    interrupted_for_real: Final = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.own = own_code.of_module(_origin(name.partition(".")[0]))

    def prepare(self, arguments: list[str]) -> None:
        """Set up `sys` as ``python -m MODULE ARGUMENTS`` does."""
        sys.argv = ["-m", *arguments]
        if not sys.flags.safe_path:
            sys.path.insert(0, os.getcwd())

    def run(self) -> BaseException | None:
        """Run the module; report and return the exception that ended it."""
        import runpy

        _fresh_main()
        run: Callable[..., Any] = runpy._run_module_as_main  # type: ignore[attr-defined]
        error = attempt(lambda: clean_stack.call(functools.partial(run, self.name)))
        if error is not None and not isinstance(error, SystemExit):
            _report(error)
        return error

    def has_generators(self) -> bool:
        """Return False: a module's code is not known before it is run."""
        return False


Program = Script | Module


def _origin(name: str) -> str | None:
    """Return the file of a top-level module, looked up in the current directory first."""
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
    module.__dict__["__builtins__"] = sys.modules["builtins"]
    if sys.version_info < (3, 14):
        module.__dict__.update(__annotations__={})
    sys.modules["__main__"] = module
    return module


def _has_generators(code: CodeType) -> bool:
    return bool(code.co_flags & 0x20) or any(
        _has_generators(one) for one in code.co_consts if isinstance(one, CodeType)
    )


def attempt(body: Callable[[], Any]) -> BaseException | None:
    """Call a function; return the exception that ended it, no longer being handled."""
    try:
        body()
    except BaseException as error:  # noqa: BLE001  (whatever the program ends with)
        return error
    return None


def without_probe(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the probe's frames, wherever they are in it."""
    while trace is not None and is_own(trace.tb_frame.f_code):
        trace = trace.tb_next
    at = trace
    while at is not None:
        while at.tb_next is not None and is_own(at.tb_next.tb_frame.f_code):
            at.tb_next = at.tb_next.tb_next
        at = at.tb_next
    return trace


def _report(error: BaseException) -> None:
    error.__traceback__ = trace = without_probe(error.__traceback__)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    second = attempt(lambda: sys.excepthook(type(error), error, trace))
    if isinstance(second, SystemExit):
        raise second
    if second is not None:
        # This is the interpreter's report of a failure of the program's own hook.
        own = without_probe(second.__traceback__)
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(second), second.with_traceback(own), own)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, trace)


def die_of_interrupt() -> None:
    """End the process by the signal itself, as an interrupt does."""
    for stream in (sys.stdout, sys.stderr):
        # Either stream may be closed or gone; the interpreter ignores that too.
        attempt(lambda stream=stream: stream.flush())  # type: ignore[misc]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
