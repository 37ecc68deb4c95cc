"""The one table of keys: bindings, footer, help and the README's table come from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from textual.binding import Binding, BindingType

RUN, STEP, LOOK, APP = "Run", "Step", "Look around", "The app"
EVERYWHERE: Final = (RUN, STEP, LOOK, APP)
"""The groups whose keys hold on the whole main screen; other groups hold in one pane each."""
LESSONS, PARAMETERS = "In the lessons", "In a lesson's parameters"
OUTPUT, INPUT = "In the output", "Where input is typed"
STEPPING, TIMELINE = "In the step-through", "In the timeline"


class Key(NamedTuple):
    """One action, and the keys for it."""

    id: str
    """A stable name, by which people's own keymaps go."""
    keys: str
    """Textual's names of the keys, with commas between them."""
    action: str
    label: str
    """A word or two, for the footer."""
    tooltip: str
    """A sentence, for the help."""
    group: str
    shown: str
    """The keys as people read them."""
    priority: bool = False
    """True if the key holds even while something is typed."""

    def binding(self) -> Binding:
        """Make the binding for Textual."""
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
    Key("wrap", "w", "wrap", "wrap",
        "Wrap long lines of output, or cut them off.", LOOK, "w"),
    Key("escape", "escape", "escape", "close",
        "Close what is open: the search, the zoom.", LOOK, "esc"),
    Key("help", "question_mark,f1", "help", "help", "Show all keys.", APP, "?"),
    Key("palette", "ctrl+p", "app.command_palette", "commands",
        "Lessons and commands by name.", APP, "ctrl+p"),
    Key("theme", "t", "theme", "light or dark", "Change between light and dark.", APP, "t"),
    Key("quit", "q,ctrl+q", "app.quit", "quit",
        "Quit at once; no process stays behind.", APP, "q"),
    Key("lessons.up", "up,k", "cursor_up", "lesson above", "To the lesson above.", LESSONS, "↑ k"),
    Key("lessons.down", "down,j", "cursor_down", "lesson below",
        "To the lesson below.", LESSONS, "↓ j"),
    Key("lessons.first", "g", "first", "first lesson", "To the first lesson.", LESSONS, "g"),
    Key("lessons.last", "G", "last", "last lesson", "To the last lesson.", LESSONS, "G"),
    Key("lessons.page-up", "pageup", "read(-1)", "page up",
        "The lesson's text: a page up.", LESSONS, "pgup"),
    Key("lessons.page-down", "pagedown", "read(1)", "page down",
        "The lesson's text: a page down.", LESSONS, "pgdn"),
    Key("parameters.next", "right,space", "turn(1)", "next choice",
        "Choose the next of the programs to run.", PARAMETERS, "→"),
    Key("parameters.previous", "left", "turn(-1)", "previous choice",
        "Choose the previous one.", PARAMETERS, "←"),
    Key("output.up", "up,k", "scroll_lines(-1)", "line up", "A line up.", OUTPUT, "↑ k"),
    Key("output.down", "down,j", "scroll_lines(1)", "line down", "A line down.", OUTPUT, "↓ j"),
    Key("output.page-up", "pageup", "scroll_pages(-1)", "page up", "A page up.", OUTPUT, "pgup"),
    Key("output.page-down", "pagedown", "scroll_pages(1)", "page down",
        "A page down.", OUTPUT, "pgdn"),
    Key("output.first", "g", "to_first", "first line", "To the first line.", OUTPUT, "g"),
    Key("output.last", "G", "to_last", "last line",
        "To the last line, and follow it.", OUTPUT, "G"),
    Key("output.left", "h", "sideways(-1)", "left",
        "Long lines that are cut off: to the left.", OUTPUT, "h"),
    Key("output.right", "l", "sideways(1)", "right",
        "Long lines that are cut off: to the right.", OUTPUT, "l"),
    Key("input.end", "ctrl+d", "end_input", "end input",
        "Tell the program that no more input comes.", INPUT, "ctrl+d"),
    Key("stepping.up", "up,k", "pick(-1)", "line above",
        "Pick the source line above.", STEPPING, "↑ k"),
    Key("stepping.down", "down,j", "pick(1)", "line below",
        "Pick the source line below.", STEPPING, "↓ j"),
    Key("stepping.here", "enter", "run_to_picked", "run to here",
        "Let the program run to the picked line.", STEPPING, "enter"),
    Key("stepping.break", "b", "break_at_picked", "breakpoint",
        "Set or clear a breakpoint on the picked line.", STEPPING, "b"),
    Key("stepping.unpick", "escape", "unpick", "back to the step",
        "Pick no line any more.", STEPPING, "esc"),
    Key("timeline.back", "h", "column(-1)", "column back",
        "Move the cursor back by a column.", TIMELINE, "h"),
    Key("timeline.on", "l", "column(1)", "column on",
        "Move the cursor on by a column.", TIMELINE, "l"),
    Key("timeline.in", "plus,equals_sign", "zoom(True)", "zoom in",
        "Show half as much time.", TIMELINE, "+"),
    Key("timeline.out", "minus", "zoom(False)", "zoom out",
        "Show twice as much time.", TIMELINE, "-"),
    Key("timeline.fit", "0", "fit", "all of it", "Show all of the time.", TIMELINE, "0"),
    Key("timeline.earlier", "pageup", "pan(-0.5)", "earlier",
        "Zoomed in: show what is earlier.", TIMELINE, "pgup"),
    Key("timeline.later", "pagedown", "pan(0.5)", "later",
        "Zoomed in: show what is later.", TIMELINE, "pgdn"),
    Key("timeline.up", "up,k", "lanes(-1)", "lanes above",
        "Show the lanes further up.", TIMELINE, "↑ k"),
    Key("timeline.down", "down,j", "lanes(1)", "lanes below",
        "Show the lanes further down.", TIMELINE, "↓ j"),
)  # fmt: skip

BY_ID: Final = {key.id: key for key in KEYS}


def groups() -> Iterator[tuple[str, list[Key]]]:
    """Return the groups and their keys, in the order of the table."""
    for name in dict.fromkeys(key.group for key in KEYS):
        yield name, [key for key in KEYS if key.group == name]


def bindings(*names: str) -> list[BindingType]:
    """Return the keys of these groups, as a screen or a widget declares them."""
    return [key.binding() for key in KEYS if key.group in names]


def as_markdown() -> str:
    """Return the table of keys for the README."""
    lines = ["| key | what it does |", "| --- | --- |"]
    for name, keys in groups():
        lines.append(f"| **{name}** | |")
        lines += [f"| `{key.shown}` | {key.tooltip} |" for key in keys]
    return "\n".join(lines) + "\n"
