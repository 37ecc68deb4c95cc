"""The phrases for waits, by their kind: a part of the table of `phrases`."""

from __future__ import annotations

from typing import Final, NamedTuple

from coroplay.trace.layout import WaitKind


class WaitPhrase(NamedTuple):
    """The templates for one kind of wait."""

    clause: str
    """The words after "waits": ``for {thing} to end``."""
    label: str
    """The wait in as few words as possible: ``join of {thing}``."""


ENGLISH_WAITS: Final = {
    WaitKind.SLEEP: WaitPhrase("for its sleep[ of {time}] to end", "sleep[ {time}]"),
    WaitKind.IDLE: WaitPhrase("until the event loop is idle", "idle"),
    WaitKind.REST: WaitPhrase("until nothing else is left to do", "end of all else"),
    WaitKind.END: WaitPhrase("for {thing} to end", "join of {thing}"),
    WaitKind.RESULT: WaitPhrase("for the result of {what}", "result of {what}"),
    WaitKind.ITEM: WaitPhrase("for an item from {what}", "item from {what}"),
    WaitKind.ROOM: WaitPhrase("for room in {thing}", "room in {thing}"),
    WaitKind.TASKS: WaitPhrase("for all items of {what} to be done", "tasks of {what}"),
    WaitKind.LOCK: WaitPhrase("to acquire {thing}", "acquire {thing}"),
    WaitKind.EVENT: WaitPhrase("for {thing}", "wait for {thing}"),
    WaitKind.ALL: WaitPhrase("for all of {thing}", "all of {thing}"),
    WaitKind.ANY: WaitPhrase("for any of {what}", "any of {what}"),
    WaitKind.SOME: WaitPhrase("for some of {what}", "some of {what}"),
    WaitKind.IO: WaitPhrase("in {what}[ on {noun}]", "{what}[ on {noun}]"),
    WaitKind.JOIN: WaitPhrase("to join {what}", "join of {what}"),
    WaitKind.VALUE: WaitPhrase("for a value from {what}", "get from {what}"),
    WaitKind.PUT: WaitPhrase("to put into {thing}", "put into {thing}"),
    WaitKind.ENTER: WaitPhrase("to enter {what}", "enter {what}"),
    WaitKind.LEAVE: WaitPhrase("to leave {what}", "leave {what}"),
    WaitKind.NEXT: WaitPhrase("for the next item of {what}", "next of {what}"),
    WaitKind.CALL: WaitPhrase("in {what}", "{what}"),
}
