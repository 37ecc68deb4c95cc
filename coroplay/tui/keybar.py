"""The line at the bottom: the keys that matter now, from the one table; a click does the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from coroplay.tui.bindings import BY_ID, Key
from coroplay.tui.harmless import harmless

if TYPE_CHECKING:
    from coroplay.tui.playhead import Playhead

_KEYS = {**BY_ID, "pause": replace(BY_ID["play"], id="pause", label="pause")}
_ALWAYS = ("help", "quit")
_IDLE: tuple[str, ...] = ("run", "step-mode", "search", "open", "parameters", "next-pane", "theme")
_RUNNING = ("pause", "stop", "interrupt", "back", "follow", "next-pane", "zoom")
_PAUSED = ("forward", "back", "next-switch", "continue", "play", "breakpoint", "stop", "zoom")
_ENDED = ("run", "again", "forward", "back", "next-switch", "play", "step-mode", "zoom", "open")


class KeyBar(Widget):
    """Keys and what they do."""

    def __init__(self) -> None:
        super().__init__(id="keybar")
        self._hint = ""
        self._keys = _IDLE

    def show(self, playhead: Playhead | None, hint: str, *, several: bool) -> None:
        """Show the keys that matter now, or a hint in their place."""
        keys = (*_ids(playhead), *(["program"] if several else []))
        if (hint, keys) != (self._hint, self._keys):
            self._hint, self._keys = hint, keys
            self.refresh()

    def render(self) -> Content:
        """The hint, or as many keys as there is room for."""
        if self._hint:
            return Content.styled(f" {harmless(self._hint)}", "$text-warning")
        return _line([_KEYS[one] for one in self._keys], self.size.width)

    async def on_click(self, event: events.Click) -> None:
        """The same as the key."""
        key = _KEYS.get(str(event.style.meta.get("key")))
        if key is not None:
            await self.screen.run_action(key.action)


def _ids(playhead: Playhead | None) -> tuple[str, ...]:
    if playhead is None:
        return _IDLE
    match playhead.session.program.state.name:
        case "PAUSED":
            return _PAUSED
        case "ENDED":
            return _ENDED
    return _RUNNING


def _line(keys: list[Key], width: int) -> Content:
    """As many keys as fit, those that are always there last."""
    always = [_one(BY_ID[one]) for one in _ALWAYS]
    room = width - sum(len(one) for one in always)
    shown: list[Content] = []
    for key in keys:
        content = _one(key)
        room -= len(content)
        if room < 0:
            break
        shown.append(content)
    return Content("").join([*shown, *always])


def _one(key: Key) -> Content:
    content = Content.assemble((f" {key.shown}", "bold $primary"), f" {key.label} ")
    return content.stylize(Style.from_meta({"key": key.id}))
