"""The step-through's rows of text: the sentence at the top, the other coroutines below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from coroplay.coroutine_colours import symbol
from coroplay.trace import Status
from coroplay.trace.view import Fragment, Pane, Role, Sentence
from coroplay.tui.drawing.canvas import Canvas, Cell, fit_name
from coroplay.tui.stepping.fitting import fit_state

_APART = "    "


class SentenceView(Canvas):
    """The step at the cursor as a sentence."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._sentence = Sentence(())

    @property
    def text(self) -> str:
        """The sentence without its styles."""
        return self._sentence.text

    def show_sentence(self, sentence: Sentence) -> None:
        """Show that sentence."""
        self._sentence = sentence
        self.redraw()

    def redraw(self) -> None:
        """Draw the sentence, wrapped to the width there is."""
        width, height = self.size
        if width < 2 or not height:
            return
        fragments = self._sentence.fragments
        text = Content.assemble(*((one.text, self._style(one)) for one in fragments))
        lines = text.wrap(width - 1) if len(text) else []
        if len(lines) > height:
            lines = [*lines[: height - 1], lines[height - 1].truncate(width - 2).append("…")]
        base = self.ink("plain")
        self.put([self.strip(line.render(base, end=""), width) for line in lines])

    def _style(self, fragment: Fragment) -> Style:
        match fragment.role:
            case Role.COROUTINE if fragment.coroutine is not None:
                return self.coroutine_ink(fragment.coroutine, bold=True)
            case Role.VALUE:
                return self.ink("value")
            case Role.CODE:
                return self.ink("code")
            case _:
                return self.ink("plain")


class OthersView(Canvas):
    """The coroutines without a pane, each with its state in a few words."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._panes: Sequence[Pane] = ()
        self._unshown = 0
        self._note = ""

    def show_others(self, panes: Sequence[Pane], unshown: int, note: str = "") -> None:
        """Show these coroutines, and the note or else the number of those that are left out."""
        self._panes, self._unshown, self._note = panes, unshown, note
        self.redraw()

    def rows_for(self, width: int) -> int:
        """Return the number of rows that it takes to show all."""
        return len(self._rows(width, 99))

    def redraw(self) -> None:
        """Draw the coroutines at the size there is."""
        width, height = self.size
        if width and height:
            self.put(self._rows(width, height))

    def _rows(self, width: int, height: int) -> list[Strip]:
        rows: list[list[Cell]] = []
        used, shown = width, 0
        for pane in self._panes:
            cells = self._cells(pane, width)
            length = sum(cell_len(text) for text, _ in cells)
            if used + length > width:
                if len(rows) == height:
                    break
                rows.append([])
                used = 0
            rows[-1] += [*cells, (_APART, self.ink("plain"))]
            used += length + len(_APART)
            shown += 1
        rest = len(self._panes) - shown + self._unshown
        tail = self._note or (f"and {rest} more" if rest else "")
        if tail:
            self._append(rows, tail, width, height, used)
        return [self.strip(row, width) for row in rows]

    def _append(
        self, rows: list[list[Cell]], tail: str, width: int, height: int, used: int
    ) -> None:
        cell = (tail, self.ink("muted"))
        if rows and used + cell_len(tail) <= width:
            rows[-1].append(cell)
        elif len(rows) < height:
            rows.append([cell])

    def _cells(self, pane: Pane, width: int) -> list[Cell]:
        sign = f"{symbol(pane.coroutine)} {fit_name(pane.name, width // 3)}"
        ink = "alive" if pane.status is Status.RUNNING else "muted"
        room = max(8, width - cell_len(sign) - 2)
        return [
            (sign + "  ", self.coroutine_ink(pane.coroutine)),
            (fit_state(pane, room), self.ink(ink)),
        ]
