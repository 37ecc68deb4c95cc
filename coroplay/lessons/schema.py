"""Every key that a lesson.toml may hold, with its meaning.

The reader's keys, and the advice in its faults, come from here. demos/README.md explains the keys
to teachers, with an example to copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LESSON: Final[Mapping[str, str]] = {
    "id": "a name to type, of a-z, 0-9 and hyphens and not only digits, that no other lesson has",
    "title": "one line, shown in the list",
    "summary": "one line that says what the lesson shows",
    "order": "a whole number from 1 to 9999 that no other lesson has",
    "group": "the heading in the list under which it stands",
    "watch": "a list of one to six sentences: what to watch for",
    "programs": "one [[programs]] table for each program",
    "together": "optional: a [together] table that says which programs run together",
}

PROGRAM: Final[Mapping[str, str]] = {
    "name": "a name to type, of a-z, 0-9 and _, that no other program of the lesson has",
    "file": "a Python file beside lesson.toml",
    "title": "one line that says what the program shows",
    "main": "optional: the name that the main coroutine goes by",
    "reads_input": "optional: true if it reads what the person types",
    "timed": "optional: true if its time is the point, so that recording must not slow it down",
    "service": "optional: true if it runs until it is told to stop",
    "stand_in": "optional: the text to type when the lesson is checked, if it reads input",
    "parameters": "one [[programs.parameters]] table for each parameter",
}

PARAMETER: Final[Mapping[str, str]] = {
    "name": "a name of a-z, 0-9 and _, unique in the program, which takes it as --NAME VALUE",
    "type": "int, float, text, choice, port, or texts",
    "default": "the value when nobody sets another, the same as in the program",
    "minimum": "optional, for int and float: the lowest value",
    "maximum": "optional, for int and float: the highest value",
    "choices": "for choice: the list of texts to choose from",
    "help": "one line that says what it means, with its unit",
    "check": "optional: the value to use when the lesson is checked, to be quick",
}

TOGETHER: Final[Mapping[str, str]] = {
    "programs": "a list of two or more names of this lesson's programs",
    "how": '"at once" or "in turn"',
    "compare": "optional: true to show the totals beside each other",
}
