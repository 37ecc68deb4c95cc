"""The scope of a recording: the person's own source files, which lie beside the program."""

from __future__ import annotations

import os
import site
import sys
from types import CodeType, FrameType
from typing import Final

from coroplay.probe.base.own import COROPLAY

_MOST_KNOWN: Final = 1 << 16


class Scope:
    """Tells the person's own code from all other code by its file, and remembers the answer."""

    def __init__(self, root: str) -> None:
        """Make the folder `root`, with everything below, the person's own."""
        self._roots = tuple({_below(root), _below(os.path.realpath(root))})
        # A program may itself lie in a library folder (a module run with -m, an installed lesson):
        # then that folder is not foreign.
        self._foreign = tuple(
            folder
            for folder in map(_below, _libraries())
            if not any(root.startswith(folder) for root in self._roots)
        )
        self._known: dict[int, tuple[CodeType, bool]] = {}

    def owns_file(self, name: str) -> bool:
        """Tell whether a file is the person's own."""
        if name.startswith(self._foreign):
            return False
        return any(
            name.startswith(root) and "site-packages" not in name[len(root) :]
            for root in self._roots
        )

    def owns(self, code: CodeType) -> bool:
        """Tell whether a code object comes from a file that is the person's own."""
        known = self._known.get(id(code))
        if known is not None and known[0] is code:
            return known[1]
        answer = self.owns_file(code.co_filename)
        if len(self._known) > _MOST_KNOWN:
            self._known = {key: known for key, known in self._known.items() if known[1]}
        # Holding a code object keeps its id from being given to another. The person's own are held
        # to the end: other parts of the probe rely on their ids too.
        self._known[id(code)] = (code, answer)
        return answer

    def nearest(self, frame: FrameType | None) -> FrameType | None:
        """Return the first frame of the person's own code, from a frame outwards."""
        while frame is not None and not self.owns(frame.f_code):
            frame = frame.f_back
        return frame


def _libraries() -> set[str]:
    """Return the folders of the standard library, of installed packages, and of coroplay.

    The module `sysconfig` knows them too, but takes 2 ms to load.
    """
    folders = {
        os.path.dirname(os.__file__),
        os.path.join(sys.prefix, "lib"),
        COROPLAY,
        *site.getsitepackages(),
    }
    if site.USER_SITE:
        folders.add(site.USER_SITE)
    return folders


def _below(folder: str) -> str:
    return os.path.join(os.path.abspath(folder), "")
