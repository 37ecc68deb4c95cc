"""The search line below the output: the words, and the match that the person stands at."""

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
    """Searches words in one view, and goes from match to match."""

    def __init__(self) -> None:
        super().__init__(id="search-row")
        self._view: OutputView | None = None
        self._search: Search | None = None
        self._worker: Worker[None] | None = None
        self._wanted = 0
        """The direction of the match to go to as soon as it is known; 0 for none."""
        self._around = ""
        """A remark for when the search went around the end of the output."""
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Lay out the words, and the count."""
        yield Input(id="search", compact=True, placeholder="search the output")
        yield Static(id="matches", markup=False)

    def open(self) -> None:
        """Let the person type words to search for."""
        self.query_one(Input).focus()

    def begin(self, view: OutputView, wanted: str) -> None:
        """Search these words, and go to the last line that has them."""
        self.end()
        self._view, self._search = view, Search(view.buffer, wanted)
        view.mark(self._search.pattern)
        self._wanted = -1
        self.go_on()

    def end(self) -> None:
        """End the search."""
        if self._worker is not None:
            self._worker.cancel()
        if self._view is not None:
            self._view.mark(None)
        self._view = self._search = None
        self._wanted = 0
        self._around = ""
        self._show_place()

    def go_to_match(self, view: OutputView, direction: int) -> bool:
        """Go to the next match, or the previous one; return False if nothing is searched."""
        if self._search is None:
            return False
        if view is not self._view:
            self.begin(view, self._search.wanted)
        else:
            self._wanted = direction
            self.go_on()
        return True

    def go_on(self) -> None:
        """Search the lines that were not searched yet, if there are any."""
        if self._search is None:
            return
        self._step(self._search)
        if self._search.behind and (self._worker is None or self._worker.is_finished):
            self._worker = self.run_worker(
                self._search_on(self._search), group="search", exclusive=True
            )

    async def _search_on(self, search: Search) -> None:
        while search.behind:
            await search.search_block()
            self._step(search)
            await asyncio.sleep(0)

    def _step(self, search: Search) -> None:
        if self._wanted and self._view is not None:
            self._go_to_wanted(search, self._view)
        self._show_place()

    def _go_to_wanted(self, search: Search, view: OutputView) -> None:
        """Go to the wanted match, once it is known."""
        direction, end = self._wanted, search.buffer.end
        at = end if view.found is None else view.found
        number, around = search.nearest(at, direction), ""
        if number is None:
            # Around the end: the match that is the furthest in the other direction.
            if search.behind:
                return
            number = search.nearest(end if direction < 0 else -1, direction)
            around = " · from the bottom again" if direction < 0 else " · from the top again"
        self._wanted = 0
        if number is not None:
            self._around = around
            view.stand_at(number)

    def _show_place(self) -> None:
        shown = self._place()
        if shown != self._shown:
            # While it searches, the count changes very often: a new layout each time is expensive.
            is_longer = len(shown) != len(self._shown)
            self._shown = shown
            self.query_one("#matches", Static).update(Content(shown), layout=is_longer)

    def _place(self) -> str:
        search, view = self._search, self._view
        if search is None or view is None:
            return ""
        count = len(search)
        if search.waits(-1):
            return f"{count:,}+" if count else "looking …"
        if not count:
            return f"no “{clean(search.wanted)}” in the output"
        if view.found is None or view.found < view.rows.first:
            return f"{count:,}"
        return f"{search.place(view.found):,} of {count:,}{self._around}"
