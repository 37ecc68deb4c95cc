"""Lessons: the contents of a lesson's folder, loaded and checked.

`load(folders(...))` returns the catalogue that the command line and the playground show.
`coroplay check-lessons` calls `checking.check(catalogue, runner)`. That is not imported here,
because code that only shows lessons should not wait for it.
"""

from coroplay.lessons.catalogue import Catalogue, NoSuchLesson, built_in, folders, load
from coroplay.lessons.faults import Fault
from coroplay.lessons.model import (
    Lesson,
    NoSuchParameter,
    NoSuchProgram,
    Program,
    RunOrder,
    Together,
)
from coroplay.lessons.parameters import BadValue, Parameter, ParameterType, Value

__all__ = [
    "BadValue",
    "Catalogue",
    "Fault",
    "Lesson",
    "NoSuchLesson",
    "NoSuchParameter",
    "NoSuchProgram",
    "Parameter",
    "ParameterType",
    "Program",
    "RunOrder",
    "Together",
    "Value",
    "built_in",
    "folders",
    "load",
]
