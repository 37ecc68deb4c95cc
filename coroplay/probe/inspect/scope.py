"""The scope of a recording: the person's own source files, told from those of libraries."""

from __future__ import annotations

import os
import site
import sys
from _weakref import ref
from collections.abc import Iterable
from functools import partial
from types import CodeType, FrameType
from typing import Final

from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.base.own import COROPLAY

_stat = os.stat
ENVIRONMENT: Final = "pyvenv.cfg"
"""The name of a file in each virtual environment."""
_CO_OPTIMIZED: Final = 0x1
"""The flag of functions; code of modules and classes has not got it."""


_RAISED: Final = (("__traceback_maker",), ("__jinja_exception__",))
"""The one name in such code that goes by the name of a module."""


class Scope:
    """Tells the person's own code from all other code by its file, and remembers the answer."""

    def __init__(
        self,
        folders: Iterable[str],
        single: str = "",
        named: Iterable[str] = (),
        not_own: Iterable[str] = (),
    ) -> None:
        """Make folders, with everything below, the person's own: see `program.own_code`."""
        self._roots = tuple({_below(one) for one in _both(folders)})
        self._single = frozenset(map(os.path.abspath, _both([single] if single else [])))
        chosen = [(one, True) for one in _both(named)] + [(one, False) for one in _both(not_own)]
        self._named = sorted(chosen, key=lambda one: -len(one[0]))
        """Files and folders of which the person has said whose they are, the innermost first."""
        self._environments: dict[str, bool] = {}
        """Whether a folder is within a virtual environment."""
        # A program may itself lie in a library folder (a module run with -m, an installed lesson):
        # then that folder is not foreign.
        self._foreign = tuple(
            folder
            for folder in libraries()
            if not any(root.startswith(folder) for root in self._roots)
        )
        self._own_code: dict[int, CodeType] = {}
        """The person's own code, by its id; held, since others rely on these ids too."""
        self._foreign_code: dict[int, ref[CodeType]] = {}
        """All other code, by its id, for as long as it lives."""

    def owns_file(self, name: str) -> bool:
        """Tell whether a file is the person's own."""
        for path, is_own in self._named:
            if name == path or name.startswith(os.path.join(path, "")):
                return is_own
        if name.startswith(self._foreign):
            return False
        folder = os.path.dirname(name)
        if folder in self._single:
            return True
        return any(
            name.startswith(root)
            and "site-packages" not in name[len(root) :]
            and not self._is_in_environment(folder, root)
            for root in self._roots
        )

    def _is_in_environment(self, folder: str, root: str) -> bool:
        """Tell whether a folder lies in a virtual environment below another one."""
        if len(folder) < len(root):
            return False
        if folder not in self._environments:
            self._environments[folder] = _exists(
                os.path.join(folder, ENVIRONMENT)
            ) or self._is_in_environment(os.path.dirname(folder), root)
        return self._environments[folder]

    def owns(self, code: CodeType) -> bool:
        """Tell whether a code object comes from a file that is the person's own."""
        if id(code) in self._own_code:
            return True
        if id(code) in self._foreign_code:
            return False
        if self.owns_file(code.co_filename) and not _is_stand_in(code):
            self._own_code[id(code)] = code
            return True
        # The callback is a function in C: it may be called anywhere.
        forget = partial(self._foreign_code.pop, id(code))
        self._foreign_code[id(code)] = ref(code, forget)
        return False

    def nearest(self, frame: FrameType | None) -> FrameType | None:
        """Return the first frame of the person's own code, from a frame outwards."""
        while frame is not None and not self.owns(frame.f_code):
            frame = frame.f_back
        return frame


def _is_stand_in(code: CodeType) -> bool:
    """Tell whether code was made for a traceback only, to raise in the name of other code.

    So gevent (after tblib) and Jinja show an exception again with the lines that it came through
    elsewhere. Such code is compiled as a module, but goes by the name of a function. The body of a
    class is no function either; it begins by naming its module.
    """
    if code.co_flags & _CO_OPTIMIZED:
        return False
    if code.co_name == "<module>":
        return code.co_names in _RAISED
    return "__module__" not in code.co_names


def libraries() -> set[str]:
    """Return the folders of the standard library, of installed packages, and of coroplay.

    Each ends in a slash. The module `sysconfig` knows them too, but takes 2 ms to load.
    """
    folders = {
        os.path.dirname(os.__file__),
        os.path.join(sys.prefix, "lib"),
        COROPLAY,
        *site.getsitepackages(),
    }
    if site.USER_SITE:
        folders.add(site.USER_SITE)
    return {_below(one) for one in folders}


def _both(paths: Iterable[str]) -> set[str]:
    """Return paths, and what they stand for where they are links."""
    return {made for one in paths for made in (os.path.abspath(one), os.path.realpath(one))}


def _exists(path: str) -> bool:
    # Only a function in C runs within this `try`.
    try:
        _stat(path)
    except (OSError, ValueError) as error:
        if is_from_within(error):
            raise
        return False
    return True


def _below(folder: str) -> str:
    return os.path.join(os.path.abspath(folder), "")
