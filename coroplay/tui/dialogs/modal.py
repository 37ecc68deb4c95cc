"""Screens that lie over the main one until the person is done with them."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class OnTop(ModalScreen[Result]):
    """Goes once, however often it is sent away: clicks and keys may come faster than it goes."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Go, and hand on what the person chose."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
