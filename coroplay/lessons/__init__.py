"""The lessons: what a lesson folder holds, how it is loaded, and how it is checked.

`load(folders(...))` gives the catalogue that the command line and the playground show.
`checking.check(catalogue, runner)` is what stands behind `coroplay check-lessons`; it is imported
from there, because whoever only shows lessons should not wait for it.
"""

from coroplay.lessons.catalogue import Catalogue, NoSuchLesson, built_in, folders, load
from coroplay.lessons.faults import Fault
from coroplay.lessons.model import (
    How,
    Lesson,
    NoSuchParameter,
    NoSuchProgram,
    Program,
    Together,
)
from coroplay.lessons.parameters import BadValue, Parameter, ParameterType, Value

__all__ = [
    "BadValue",
    "Catalogue",
    "Fault",
    "How",
    "Lesson",
    "NoSuchLesson",
    "NoSuchParameter",
    "NoSuchProgram",
    "Parameter",
    "ParameterType",
    "Program",
    "Together",
    "Value",
    "built_in",
    "folders",
    "load",
]
