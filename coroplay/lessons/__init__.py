"""The lessons: what a lesson folder holds, how it is loaded, and how it is checked.

`load(folders(...))` gives the catalogue that the command line and the playground show;
`check(catalogue, runner)` is what stands behind `coroplay check-lessons`.
"""

from coroplay.lessons.catalogue import Catalogue, NoSuchLesson, built_in, folders, load
from coroplay.lessons.checking import Launch, Passed, Result, Runner, check
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
    "Launch",
    "Lesson",
    "NoSuchLesson",
    "NoSuchParameter",
    "NoSuchProgram",
    "Parameter",
    "ParameterType",
    "Passed",
    "Program",
    "Result",
    "Runner",
    "Together",
    "Value",
    "built_in",
    "check",
    "folders",
    "load",
]
