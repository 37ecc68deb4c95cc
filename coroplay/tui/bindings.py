"""The one table of keys: bindings, the footer, the help and the README's table are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding

RUN, STEP, LOOK, APP = "Run", "Step", "Look around", "The app"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to do, and the keys that do it."""

    id: str
    """Stable: people's own keymaps go by it."""
    keys: str
    """As Textual names them, with commas between them."""
    action: str
    label: str
    """A word or two, for the footer."""
    tooltip: str
    """A sentence, for the help."""
    group: str
    shown: str
    """How the keys are written for people."""
    priority: bool = False
    """Whether it holds even while something is typed."""

    def binding(self) -> Binding:
        """As Textual wants it."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=False,
            key_display=self.shown,
            priority=self.priority,
            tooltip=self.tooltip,
            id=self.id,
        )


KEYS: Final = (
    Key("run", "enter", "run", "run", "Run the chosen lesson or script.", RUN, "enter"),
    Key("step-mode", "s", "step_mode", "step mode",
        "Start it paused before its first line.", RUN, "s"),
    Key("again", "r", "again", "again", "Run again what was run last.", RUN, "r"),
    Key("stop", "x", "stop", "stop",
        "End the program and all that it started.", RUN, "x"),
    Key("interrupt", "ctrl+c", "interrupt", "interrupt",
        "Copy what is selected; or interrupt the program.", RUN, "ctrl+c", True),
    Key("open", "o", "open_script", "open script", "Open a script of your own.", RUN, "o"),
    Key("parameters", "e", "parameters", "parameters",
        "Change the lesson's parameters before a run.", RUN, "e"),
    Key("forward", "right", "forward", "step",
        "One step forward; at the end of a paused run the program takes one more.", STEP, "→"),
    Key("back", "left", "back", "back", "One step back.", STEP, "←"),
    Key("next-switch", "shift+right", "next_switch", "switch",
        "Forward to the next switch.", STEP, "shift+→"),
    Key("previous-switch", "shift+left", "previous_switch", "switch back",
        "Back to the previous switch.", STEP, "shift+←"),
    Key("next-same", "right_square_bracket", "next_same", "same coroutine",
        "Forward to the next step of the same coroutine.", STEP, "]"),
    Key("previous-same", "left_square_bracket", "previous_same", "same, back",
        "Back to the previous step of the same coroutine.", STEP, "["),
    Key("first", "home", "first", "first step", "To the first step.", STEP, "home"),
    Key("last", "end", "last", "last step",
        "To the last step; while a program runs, stay at its newest.", STEP, "end"),
    Key("play", "space", "play", "play",
        "Pause a running program; otherwise play step by step, and stop playing.", STEP, "space"),
    Key("slower", "comma", "slower", "slower", "Play more slowly.", STEP, ","),
    Key("faster", "full_stop", "faster", "faster", "Play faster.", STEP, "."),
    Key("breakpoint", "b", "breakpoint", "breakpoint",
        "Set or clear a breakpoint on the current line.", STEP, "b"),
    Key("continue", "c", "go_on", "continue", "Let a paused program run on.", STEP, "c"),
    Key("next-pane", "tab", "next_pane", "next pane", "To the next pane.", LOOK, "tab"),
    Key("previous-pane", "shift+tab", "previous_pane", "previous pane",
        "To the previous pane.", LOOK, "shift+tab"),
    Key("pane-1", "1", "pane('lessons')", "lessons", "To the lessons.", LOOK, "1"),
    Key("pane-2", "2", "pane('output')", "output", "To the output.", LOOK, "2"),
    Key("pane-3", "3", "pane('stepping')", "step through", "To the step-through.", LOOK, "3"),
    Key("pane-4", "4", "pane('timeline')", "timeline", "To the timeline.", LOOK, "4"),
    Key("program", "p", "next_program", "program",
        "To the next program, where several run together.", LOOK, "p"),
    Key("zoom", "z", "zoom", "zoom", "Give the pane the whole screen, and back.", LOOK, "z"),
    Key("search", "slash", "search", "filter",
        "Filter the lessons; in the output, search.", LOOK, "/"),
    Key("next-match", "n", "match(1)", "next match", "To the next match.", LOOK, "n"),
    Key("previous-match", "N", "match(-1)", "previous match",
        "To the previous match.", LOOK, "N"),
    Key("follow", "f", "follow", "follow",
        "Follow the newest output again, or stay where it is.", LOOK, "f"),
    Key("escape", "escape", "escape", "close",
        "Close what is open: the search, the zoom.", LOOK, "esc"),
    Key("help", "question_mark,f1", "help", "help", "Show all keys.", APP, "?"),
    Key("palette", "ctrl+p", "app.command_palette", "commands",
        "Lessons and commands by name.", APP, "ctrl+p"),
    Key("theme", "t", "theme", "light or dark", "Change between light and dark.", APP, "t"),
    Key("quit", "q,ctrl+q", "app.quit", "quit",
        "Quit at once; no process stays behind.", APP, "q"),
)  # fmt: skip

BY_ID: Final = {key.id: key for key in KEYS}


def groups() -> Iterator[tuple[str, list[Key]]]:
    """The keys by what they are for, in the order of the table."""
    for name in dict.fromkeys(key.group for key in KEYS):
        yield name, [key for key in KEYS if key.group == name]


def as_markdown() -> str:
    """The table of keys for the README."""
    lines = ["| key | what it does |", "| --- | --- |"]
    lines += [f"| `{key.shown}` | {key.tooltip} |" for key in KEYS]
    return "\n".join(lines) + "\n"
