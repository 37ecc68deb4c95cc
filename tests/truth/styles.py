"""The ways in which one thing is written: what people write, and what tools find hard to read."""

from __future__ import annotations

from typing import Final

from tests.truth.model import Sort

HEADER: Final = '''\
from contextlib import contextmanager, suppress
from functools import partial

from greenlet import GreenletExit, getcurrent, greenlet


class Held:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print(self.name, "in")

    def __exit__(self, *error):
        print(self.name, "out")


def create(function, *arguments):
    return function(*arguments)


def pass_to(method, value):
    return method(value)


main = getcurrent()'''

ARGUMENTS: Final = {Sort.GENERATOR: "u", Sort.GREENLET: "x=None, k=None", Sort.GEVENT: "x=None"}

MAKES: Final = {
    Sort.GENERATOR: {
        "plain": "{variable} = {name}({value})  # makes {name}",
        "helper": "{variable} = create({name}, {value})",
        "expression": "{variable} = (y for y in {name}({value}))  # makes {name}",
    },
    Sort.GREENLET: {
        "plain": "{variable} = greenlet({name})  # makes {name}",
        "helper": "{variable} = create(greenlet, {name})",
        "child": "{variable} = greenlet({name}, main)  # makes {name}",
    },
    Sort.GEVENT: {},
}

ACTS: Final = {
    Sort.GENERATOR: {
        "next": {
            "plain": "r = next({variable}){plain}",
            "method": "r = {variable}.__next__()",
            "none": "r = {variable}.send(None)",
            "loop": "for r in {variable}:\n    break",
            "list": "r = list({variable})",
            "expression": "r = list(y for y in {variable})",
            "default": "r = next({variable}, None)",
        },
        "send": {
            "plain": "r = {variable}.send({value}){plain}",
            "alias": "s = {variable}.send\nr = s({value})",
            "map": "r = list(map({variable}.send, [{value}]))",
            "partial": "r = partial({variable}.send, {value})()",
            "getattr": 'r = getattr({variable}, "send")({value})',
            "star": "r = {variable}.send(*[{value}])",
            "helper": "r = pass_to({variable}.send, {value})",
            "call": 'r = {variable}.send(int("{value}"))',
            "print": "print({variable}.send({value}))",
        },
        "throw": {
            "plain": "r = {variable}.throw({error})",
            "alias": "t = {variable}.throw\nr = t({error})",
            "helper": "r = pass_to({variable}.throw, {error})",
        },
        "close": {
            "plain": "{variable}.close()",
            "del": "del {variable}",
        },
    },
    Sort.GREENLET: {
        "switch": {
            "plain": "r = {variable}.switch({value})",
            "nothing": "r = {variable}.switch()",
            "keyword": "r = {variable}.switch({value}, k=3)",
            "alias": "s = {variable}.switch\nr = s({value})",
            "star": "r = {variable}.switch(*[{value}])",
        },
        "throw": {
            "plain": "r = {variable}.throw({error})",
            "nothing": "r = {variable}.throw()",
        },
    },
    Sort.GEVENT: {},
}
