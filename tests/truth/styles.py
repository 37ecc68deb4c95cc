"""The ways in which one thing is written: what people write, and what tools find hard to read."""

from __future__ import annotations

from typing import Final

from tests.truth.model import Sort

HEADER: Final = """\
import gc
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


main = getcurrent()
gc.disable()"""
"""Circles are collected where a scenario begins, and so at the same place in every run."""
GEVENT_HEADER: Final = f"""\
import gevent
from gevent import Timeout
from gevent.event import AsyncResult, Event
from gevent.lock import Semaphore
from gevent.pool import Pool
from gevent.queue import Queue

{HEADER}
event = Event()
result = AsyncResult()
jobs = Queue()
lock = Semaphore(1)"""

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
    Sort.GEVENT: {
        "plain": "{variable} = gevent.spawn({name})  # makes {name}",
        "later": "{variable} = gevent.spawn_later(0.02, {name})  # makes {name}",
        "method": "{variable} = gevent.Greenlet.spawn({name}, {value})  # makes {name}",
        "unstarted": "{variable} = gevent.Greenlet({name})  # makes {name}",
        "helper": "{variable} = create(gevent.spawn, {name})",
        "pool": "p = Pool(2)\n{variable} = p.spawn({name})  # makes {name}",
    },
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
    Sort.GEVENT: {
        "start": {"plain": "{variable}.start()", "later": "{variable}.start_later(0.02)"},
        "kill": {
            "plain": "{variable}.kill()  # waits for {variable}",
            "error": "{variable}.kill({error})  # waits for {variable}",
            "aside": "{variable}.kill(block=False)",
        },
        "join": {
            "plain": "r = {variable}.join(0.25)  # waits for {variable}",
            "all": "r = gevent.joinall([{variable}], 0.25)  # waits for {variable}",
            "get": "r = {variable}.get(timeout=0.25)  # waits for {variable}",
        },
        "sleep": {
            "plain": "r = gevent.sleep(0)  # waits for sleep",
            "some": "r = gevent.sleep(0.02)  # waits for sleep",
        },
        "event": {
            "plain": "r = event.wait(0.07)  # waits for event",
            "set": "event.set()",
            "clear": "event.clear()",
        },
        "result": {
            "plain": "r = result.get(timeout=0.07)  # waits for result",
            "wait": "r = result.wait(0.07)  # waits for result",
            "set": "result.set({value})",
        },
        "queue": {
            "plain": "r = jobs.get(timeout=0.07)  # waits for jobs",
            "put": "jobs.put({value})",
        },
        "lock": {
            "plain": "with lock:  # waits for lock\n    r = gevent.sleep(0)  # waits for sleep",
            "acquire": "r = lock.acquire(timeout=0.07)  # waits for lock",
            "release": "lock.release()",
        },
        "timeout": {
            "plain": "with Timeout(0.02):\n    r = gevent.sleep(0.07)  # waits for sleep",
            "quiet": "with Timeout(0.02, False):\n    r = event.wait()  # waits for event",
        },
    },
}
ALONE: Final = ("sleep", "event", "result", "queue", "lock", "timeout")
"""Operations that need no other coroutine."""
WAITS: Final = {
    "sleep": ("sleep",),
    "event": ("event",),
    "result": ("result",),
    "jobs": ("jobs", "queue", "item"),
    "lock": ("lock", "Semaphore", "semaphore"),
}
"""The words, any of which tells what is waited for."""
