"""Functions that coroutines run: their names and their code, without running any of it."""

from __future__ import annotations

import functools
import sys
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MethodType,
)
from typing import Any, Final

from coroplay.probe.base import accelerator
from coroplay.probe.inspect import values
from coroplay.probe.inspect.things import classes_of, dict_of_class, from_module, held_by, is_one

if accelerator.used:
    from coroplay.probe.native import _accelerator

_LAMBDA: Final = "<lambda>"
_UNNAMED: Final = "function"


POOL_WORKER: Final = "worker of gevent's pool"
"""The name of the greenlet that works in a thread of gevent's thread pool."""
_POOL_THREAD: Final = "thread of gevent's pool"


def _any_code() -> None:
    """Stand for code that is not known."""


ANY_CODE: Final = _any_code.__code__
"""The code of what a greenlet runs where that is not known."""
_NAMED: Final = (
    *(FunctionType, BuiltinFunctionType),
    *((_accelerator.WriteMethod,) if accelerator.used else ()),
)
"""Types of functions whose names can be had without running any of the program's code."""


def function_name(run: Any) -> str:
    """Return the name of what a greenlet runs, without running any of the program's code."""
    kind = type(run)
    if kind is MethodType:
        return _method_name(run)
    if is_one(kind, _NAMED) or is_compiled(kind):
        return _plain_name(run)
    if kind is functools.partial:
        return function_name(run.func)
    if issubclass(kind, type):
        return values.type_name(run)
    return values.type_name(kind)


def is_compiled(kind: type) -> bool:
    """Tell whether a type is that of functions which Cython compiles, as gevent's are."""
    if values.type_name(kind) != "cython_function_or_method":
        return False
    return type(dict_of_class(kind).get("__name__")) is GetSetDescriptorType


def own_name(function: Any) -> str:
    """Return the name of a function; "" for any other object that can be called."""
    kind = type(function)
    name = function.__name__ if is_one(kind, _NAMED) or is_compiled(kind) else ""
    return name if type(name) is str else ""


def _plain_name(function: Any) -> str:
    name = function.__name__
    if type(name) is not str:
        return _UNNAMED  # A subclass has methods of the program's.
    is_lambda = name == _LAMBDA and type(function) is FunctionType
    return code_name(function.__code__) if is_lambda else name


def _method_name(method: MethodType) -> str:
    if (thread := thread_of(method)) is not None:
        return thread
    owner: Any = method.__self__
    name = function_name(method.__func__)
    kind = owner if issubclass(type(owner), type) else type(owner)
    return f"{values.type_name(kind)}.{name}"


def code_name(code: CodeType) -> str:
    """Return the name of a function by its code: a lambda's has the line at which it stands."""
    return f"<lambda:{code.co_firstlineno}>" if code.co_name == _LAMBDA else code.co_name


def code_of(run: Any) -> CodeType | None:
    """Return the code of what a greenlet runs; None where that is not a function in Python."""
    while type(run) is MethodType or type(run) is functools.partial:
        run = run.__func__ if type(run) is MethodType else run.func
    return run.__code__ if type(run) is FunctionType else None


def _code_of_method(thing: object, name: str) -> CodeType | None:
    found = (dict_of_class(one).get(name) for one in classes_of(type(thing)))
    return code_of(next((one for one in found if one is not None), None))


def code_run_by(thing: object, run: Any) -> CodeType | None:
    """Return the code that a greenlet starts with; None where it starts in C."""
    if run is None:
        # Without a method of its own, it runs what it was given, which is not known any more.
        return _code_of_method(thing, "run") or ANY_CODE
    if issubclass(type(run), type):
        # Its result is the object, and not what its constructor returns.
        return None
    return code_of(run) or _code_of_method(run, "__call__")


def name_of_thread(thing: object) -> str | None:
    """Return the name of an object of `threading.Thread`; None for any other."""
    own = from_module("threading", "Thread")
    if own is None or not issubclass(type(thing), own):
        return None
    name = held_by(thing).get("_name")
    return name if type(name) is str else None


def thread_name(function: object) -> str:
    """Return the name of a thread that `threading` does not know, by what it runs."""
    if type(function) is MethodType and is_pool_worker(function.__self__):
        return _POOL_THREAD
    return "thread" if function is None else function_name(function)


def is_pool_worker(thing: object) -> bool:
    """Tell whether an object is the greenlet that works in a thread of gevent's thread pool."""
    kind = _pool_worker()
    return kind is not None and issubclass(type(thing), kind)


def begins_pool_thread(code: CodeType) -> bool:
    """Tell whether code is gevent's own, with which a thread of its pool begins."""
    kind = _pool_worker()
    return kind is not None and code_of(dict_of_class(kind).get("_begin")) is code


def _pool_worker() -> type | None:
    return from_module("gevent.threadpool", "_WorkerGreenlet")


def thread_of(run: Any) -> str | None:
    """Return the name of the thread that a function runs; None if it is no thread's."""
    function: Any = run.__func__ if type(run) is MethodType else None
    if type(function) is not FunctionType or function.__code__.co_name != "_bootstrap":
        return None
    return name_of_thread(run.__self__)


def is_part_of_thread(frame: FrameType | None) -> bool:
    """Tell whether a frame is of the methods by which `threading` calls a thread's function."""
    module = sys.modules.get("threading")
    if frame is None or module is None or frame.f_globals is not module.__dict__:
        return False
    return frame.f_code.co_name in ("run", "_bootstrap_inner")
