"""Opening a script of the person's own: its path, which tab completes, and its arguments."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static

from coroplay.sanitizing import clean
from coroplay.tui.dialogs.modal import Dialog


@dataclass(frozen=True, slots=True)
class Opened:
    """The script that the person wants to run."""

    path: Path
    arguments: str
    """Arguments, as typed in a shell."""


class _Paths(Suggester):
    """The suggestion of the first folder or script that begins like the path so far."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the completed path."""
        return completed(value)


def completed(typed: str) -> str | None:
    """Complete a path as far as it is certain, or to the first that fits; None if none does."""
    folder, _, begun = typed.rpartition("/")
    base = Path(os.path.expanduser(f"{folder}/" if "/" in typed else "."))  # noqa: PTH111
    fitting = sorted(_fitting(base, begun))
    if not fitting:
        return None
    common = _common_beginning(fitting[0], fitting[-1])
    chosen = common if len(common) > len(begun) else fitting[0]
    return f"{typed[: len(typed) - len(begun)]}{chosen}"


def _common_beginning(first: str, last: str) -> str:
    """Return the beginning of two names, and so of all names that are sorted between them."""
    size = next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b),
        min(len(first), len(last)),
    )
    return first[:size]


def _fitting(folder: Path, begun: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir()) for entry in entries]
    except OSError:
        return []
    return [
        f"{name}/" if is_folder else name
        for name, is_folder in found
        if name.startswith(begun)
        and (begun.startswith(".") or not name.startswith("."))
        and (is_folder or name.endswith(".py"))
        and name.isprintable()
    ]


class PathInput(Input):
    """An input that completes paths."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", show=False),
    ]

    def __init__(self, value: str) -> None:
        super().__init__(value, id="path", suggester=_Paths(), placeholder="path/to/script.py")

    def action_complete(self) -> None:
        """Complete the path; go on to the arguments if it is complete."""
        longer = completed(self.value)
        if longer is None or longer == self.value or Path(self.value).is_file():
            self.screen.focus_next()
        else:
            self.value = longer
            self.cursor_position = len(longer)


class OpenScript(Dialog[Opened]):
    """A question for a script and its arguments."""

    CSS_PATH = "open_script.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "close", show=False)]

    def __init__(self, before: Opened | None) -> None:
        super().__init__()
        self._before = before

    def compose(self) -> ComposeResult:
        """Lay out two inputs and a line for a problem."""
        before = self._before
        with Vertical() as box:
            box.border_title = "Open a script of your own"
            box.border_subtitle = "tab completes · enter opens · esc closes"
            yield Static("script", classes="label")
            yield PathInput(str(before.path) if before else "")
            yield Static("arguments", classes="label")
            yield Input(before.arguments if before else "", id="arguments")
            yield Static(id="open-problem", markup=False)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        typed = self.query_one(PathInput).value.strip()
        path = Path(os.path.expanduser(typed))  # noqa: PTH111 - knows no home without an error
        problem = problem_with(path) if typed else "Type the path of a Python script."
        if problem:
            self.query_one("#open-problem", Static).update(problem)
            self.query_one(PathInput).focus()
        else:
            self.dismiss(Opened(path, self.query_one("#arguments", Input).value))


def problem_with(path: Path) -> str:
    """Return a sentence on why a script can't be opened; an empty one if it can."""
    try:
        source = path.read_bytes()
    except IsADirectoryError:
        return f"{clean(str(path))} is a folder; name a script in it."
    except OSError as error:
        return f"{clean(str(path))} can't be read: {error.strerror}."
    try:
        compile(source, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        what = clean(getattr(error, "msg", None) or str(error))
        return f"{clean(path.name)}{where}: {what}. Mend it, then enter tries again."
    return ""
