"""The line below the output in which words to look for are typed, and which match one stands at."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker

from coroplay.sanitizing import clean
from coroplay.tui.output.search import Search
from coroplay.tui.output.view import OutputView


class SearchRow(Horizontal):
    """Looks for words in one view, and goes from match to match."""

    def __init__(self) -> None:
        super().__init__(id="search-row")
        self._view: OutputView | None = None
        self._search: Search | None = None
        self._worker: Worker[None] | None = None
        self._wish = 0
        """The direction of the match that is to be gone to as soon as it is known; 0 for none."""
        self._around = ""
        """What is said when there was no further match in a direction."""
        self._said = ""

    def compose(self) -> ComposeResult:
        """The words, and the count."""
        yield Input(id="search", compact=True, placeholder="search the output")
        yield Static(id="matches", markup=False)

    def open(self) -> None:
        """Let the person type what to look for."""
        self.query_one(Input).focus()

    def begin(self, view: OutputView, wanted: str) -> None:
        """Look for these words, and go to the last line that has them."""
        self.end()
        self._view, self._search = view, Search(view.buffer, wanted)
        view.mark(self._search.pattern)
        self._wish = -1
        self.go_on()

    def end(self) -> None:
        """Look for nothing any more."""
        if self._worker is not None:
            self._worker.cancel()
        if self._view is not None:
            self._view.mark(None)
        self._view = self._search = None
        self._wish = 0
        self._around = ""
        self._tell()

    def match(self, view: OutputView, direction: int) -> bool:
        """To the next match, or the previous one; whether anything is looked for."""
        if self._search is None:
            return False
        if view is not self._view:
            self.begin(view, self._search.wanted)
        else:
            self._wish = direction
            self.go_on()
        return True

    def go_on(self) -> None:
        """Look through what was not looked through yet, if there is anything."""
        if self._search is None:
            return
        self._step(self._search)
        if self._search.behind and (self._worker is None or self._worker.is_finished):
            self._worker = self.run_worker(self._look(self._search), group="search", exclusive=True)

    async def _look(self, search: Search) -> None:
        while search.behind:
            await search.look()
            self._step(search)
            await asyncio.sleep(0)

    def _step(self, search: Search) -> None:
        if self._wish and self._view is not None:
            self._go(search, self._view)
        self._tell()

    def _go(self, search: Search, view: OutputView) -> None:
        """To the match that is wished for, once it is known which one it is."""
        wish, end = self._wish, search.buffer.end
        at = end if view.found is None else view.found
        number, around = search.nearest(at, wish), ""
        if number is None:
            # Around the end: to the match that is the furthest in the other direction.
            if search.behind:
                return
            number = search.nearest(end if wish < 0 else -1, wish)
            around = " · from the bottom again" if wish < 0 else " · from the top again"
        self._wish = 0
        if number is not None:
            self._around = around
            view.stand_at(number)

    def _tell(self) -> None:
        said = self._sentence()
        if said != self._said:
            # While it looks it says another count very often: a new layout each time would be dear.
            is_longer = len(said) != len(self._said)
            self._said = said
            self.query_one("#matches", Static).update(Content(said), layout=is_longer)

    def _sentence(self) -> str:
        search, view = self._search, self._view
        if search is None or view is None:
            return ""
        count = len(search)
        if search.waits(-1):
            return f"{count:,}+" if count else "looking …"
        if not count:
            return f"no “{clean(search.wanted)}” in the output"
        if view.found is None or view.found < view.first:
            return f"{count:,}"
        return f"{search.place(view.found):,} of {count:,}{self._around}"
