"""A fault in a lesson, put so that its author can mend it, and guesses at what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong with a lesson."""

    file: Path
    """The file to mend, or the folder where one is missing."""
    key: str
    """The place in the file, `programs[plain].file` or `line 3`, or the subject of the fault."""
    problem: str
    """The rest of the sentence that the key begins: `is missing`."""
    mend: str
    """The advice to the author."""

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}; {self.mend}"


def did_you_mean(word: str, known: Iterable[str], shown: Sequence[str] = ()) -> str:
    """Return `did you mean 'this'?`, or `choose from: …` if nothing known looks like the word.

    What to choose from may be shown in words of its own, in an order of its own.
    """
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=2)
    if close:
        return f"did you mean {' or '.join(repr(name) for name in close)}?"
    return f"choose from: {', '.join(shown or names)}" if names else "there is none to choose from"
