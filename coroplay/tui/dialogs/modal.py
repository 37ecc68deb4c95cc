"""A screen over the main one, until the person is done with it."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A modal screen that closes only once: clicks and keys may come faster than it goes."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close, and return the person's choice."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
