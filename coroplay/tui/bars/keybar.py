"""The line at the bottom: the keys that matter now, which can be clicked too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from coroplay.sanitizing import clean
from coroplay.tui.bindings import BY_ID, EVERYWHERE, Key

if TYPE_CHECKING:
    from coroplay.tui.runs.playhead import Playhead

Ids = tuple[str, ...]
_OTHER_WORDS: Final = (
    BY_ID["play"]._replace(id="pause", label="pause"),
    BY_ID["search"]._replace(id="find", label="search"),
    BY_ID["stepping.up"]._replace(shown="↑"),
    BY_ID["stepping.down"]._replace(shown="↓", label="pick a line"),
    BY_ID["timeline.out"]._replace(label="zoom"),
    BY_ID["input.end"]._replace(id="send", shown="enter", action="submit", label="send"),
    BY_ID["escape"]._replace(id="leave", label="leave"),
    BY_ID["help"]._replace(id="help-typing", shown="f1"),
    BY_ID["quit"]._replace(id="quit-typing", shown="ctrl+q"),
)
_KEYS: Final = BY_ID | {key.id: key for key in _OTHER_WORDS}
_TOGETHER: Final = {
    "steps": ("back", "forward"),
    "pick": ("stepping.up", "stepping.down"),
    "scale": ("timeline.in", "timeline.out"),
}
"""Keys that are shown as one, with the label of the last key."""
_ALWAYS: Final = ("help", "quit")
_TYPING_ALWAYS: Final = ("help-typing", "quit-typing")
_TYPING_INPUT: Final = ("send", "leave", "input.end", "interrupt")
_TYPING: Final = ("escape",)
_IDLE: Final = ("run", "step-mode", "search", "open", "parameters", "next-pane", "theme")
# On the narrowest of terminals the first two or three of these are all there is.
_RUNNING: Final = ("pause", "stop", "steps", "interrupt")
_PAUSED: Final = ("steps", "continue", "next-switch", "play", "breakpoint", "stop")
_CANCELLED: Final = ("run", "again", "step-mode")
_ENDED: Final = ("run", "steps", "next-switch", "play", "again", "step-mode")
_IN_PANE: Final[dict[str, Ids]] = {
    "lessons": ("search", "parameters"),
    "output": ("find", "follow", "wrap"),
    "stepping": ("pick",),
    "timeline": ("scale",),
}
_LATER: Final = ("zoom", "next-pane", "open")
HINT_TICKS: Final = 120
"""Ticks of the screen for which a hint is shown."""


class Hint:
    """A sentence in place of the keys, for a while."""

    def __init__(self) -> None:
        self.text = ""
        self._ticks_left = 0

    def say(self, text: str) -> None:
        """Show that sentence from now on."""
        self.text = text
        self._ticks_left = HINT_TICKS

    def age(self) -> None:
        """Take the sentence away when its time has come."""
        if self._ticks_left:
            self._ticks_left -= 1
            if not self._ticks_left:
                self.text = ""


class KeyBar(Widget):
    """One line of keys and their labels."""

    def __init__(self) -> None:
        super().__init__(id="keybar")
        self._hint = ""
        self._keys: Ids = _IDLE
        self._always: Ids = _ALWAYS

    def show_keys(self, playhead: Playhead | None, hint: str, pane: str) -> None:
        """Show the keys that matter now in that pane, or a hint in their place."""
        self._show(hint, _ids(playhead, pane), _ALWAYS)

    def show_typing(self, hint: str, *, for_program: bool) -> None:
        """Show the keys that are none of a text's while the person types, or a hint."""
        self._show(hint, _TYPING_INPUT if for_program else _TYPING, _TYPING_ALWAYS)

    def _show(self, hint: str, keys: Ids, always: Ids) -> None:
        if (hint, keys, always) != (self._hint, self._keys, self._always):
            self._hint, self._keys, self._always = hint, keys, always
            self.refresh()

    def render(self) -> Content:
        """Draw the hint, or as many keys as there is room for."""
        if self._hint:
            return Content.styled(f" {clean(self._hint)}", "$text-warning")
        return _line(self._keys, self._always, self.size.width)

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        key = _KEYS.get(str(event.style.meta.get("key")))
        if key is not None:
            where = self.screen if key.group in EVERYWHERE else self.screen.focused
            await self.app.run_action(key.action, where)


def _ids(playhead: Playhead | None, pane: str) -> Ids:
    if playhead is None:
        return _IDLE
    from coroplay.tui.runs.steering import ProgramState

    match playhead.session.program.state:
        case ProgramState.PAUSED:
            first: Ids = _PAUSED
        case ProgramState.ENDED:
            first = _ENDED
        case ProgramState.CANCELLED:
            first = _CANCELLED
        case _:
            first = _RUNNING
    several = ("program",) if len(playhead.session.programs) > 1 else ()
    return (*first, *several, *_IN_PANE[pane], *_LATER)


def _line(ids: Ids, at_end: Ids, width: int) -> Content:
    """Return as many keys as fit, and at the end the keys that are always there."""
    always = [_one(one) for one in at_end]
    room = width - sum(len(one) for one in always)
    shown: list[Content] = []
    for one in ids:
        content = _one(one)
        room -= len(content)
        if room < 0:
            break
        shown.append(content)
    return Content("").join([*shown, *always])


def _one(name: str) -> Content:
    """Return a key with its label, or keys that are shown as one; each can be clicked."""
    keys = [_KEYS[one] for one in _TOGETHER.get(name, (name,))]
    parts = [_clickable(Content.styled(f" {key.shown}", "bold $primary"), key) for key in keys]
    return Content("").join([*parts, _clickable(Content(f" {keys[-1].label} "), keys[-1])])


def _clickable(content: Content, key: Key) -> Content:
    return content.stylize(Style.from_meta({"key": key.id}))
