"""The modules of greenlet's and gevent's own test suites, and how each is run."""

from __future__ import annotations

import importlib.util
import os
import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SUITES: Final = ("greenlet", "gevent")
_GEVENT_SETTINGS: Final = {
    "GEVENTTEST_QUIET": "True",
    # Names and hosts of the internet: what they answer is not the same from one run to the next.
    "GEVENTTEST_USE_RESOURCES": os.environ.get("GEVENTTEST_USE_RESOURCES", "-network"),
    "PYTHONDEVMODE": "1",
    "PYTHONFAULTHANDLER": "true",
    "PYTHONWARNINGS": "default,default::DeprecationWarning,default::ResourceWarning,"
    "ignore:::site:,ignore:::pkgutil:,ignore:::importlib._bootstrap:,"
    "ignore:::importlib._bootstrap_external:",
}
"""Environment variables that gevent's own runner sets."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module of a suite."""

    suite: str
    name: str
    target: tuple[str, ...]
    """Arguments after ``python`` or ``coroplay run``."""
    environment: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
    """True if its suite says that nothing else should run beside it."""

    def __str__(self) -> str:
        return f"{self.suite}.{self.name}"


def modules(suite: str) -> list[Module]:
    """The modules of a suite, by name. Raises LookupError where it is not installed."""
    folder = _folder(suite)
    names = sorted(path.stem for path in folder.glob("test_*.py"))
    if suite == "gevent":
        return _gevent(folder, names)
    return [Module(suite, name, _greenlet(folder, name)) for name in names]


def _folder(suite: str) -> Path:
    spec = importlib.util.find_spec(f"{suite}.tests")
    if spec is None or spec.origin is None:
        raise LookupError(f"the tests of {suite} are not installed with it")
    return Path(spec.origin).parent


def _greenlet(folder: Path, name: str) -> tuple[str, ...]:
    """Run a module by itself if it can: then its own lines are watched, not those of unittest."""
    full = f"greenlet.tests.{name}"
    runs_itself = "__main__" in (folder / f"{name}.py").read_text()
    return ("-m", full) if runs_itself else ("-m", "unittest", full)


def _gevent(folder: Path, names: list[str]) -> list[Module]:
    """Modules that gevent's own runner would run, with the environment that it would set."""
    settings = runpy.run_path(os.fspath(folder / "known_failures.py"))
    ignored, alone = settings["IGNORED_TESTS"], settings["RUN_ALONE"]
    # It has no test of its own: it runs those of the standard library, from gevent's sources.
    ignored = {*ignored, "test___monkey_patching.py"}
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), os.fspath(folder))))
    environment = {**_GEVENT_SETTINGS, "PYTHONPATH": path}
    return [
        Module("gevent", name, ("-m", f"gevent.tests.{name}"), environment, f"{name}.py" in alone)
        for name in names
        if f"{name}.py" not in ignored
    ]
