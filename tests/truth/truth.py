"""The witness's log as facts: who went on after whom, with what, and who ended how."""

from __future__ import annotations

import re
from typing import Any

from tests.truth.facts import Ended, Fact, Facts, Moved, Printed, Ran, Way
from tests.truth.model import Rendered

_WAYS = {"yield": Way.YIELD, "return": Way.RETURN, "raise": Way.FAIL}
_STOPPED = "RuntimeError('generator raised StopIteration')"
"""What Python makes of a StopIteration that leaves a generator."""
_KEYWORD = re.compile(r"\(\((\d+),\), {'k': (\d+)}\)")
"""What greenlet makes of an argument and a keyword for one that has started."""
_CLOSING = ("GeneratorExit()", "GreenletExit(")
"""What a close and a kill throw; a program throws a GeneratorExit with an argument."""


def read_log(log: list[list[Any]], rendered: Rendered) -> Facts:
    """Turn a log into facts."""
    reader = _Reader(rendered)
    for event in log:
        reader.add(event)
    return reader.finish()


def _mark_optional(facts: list[Fact]) -> None:
    """Mark the moves to those who did nothing but end, and from them."""
    for before, ended, after in zip(facts, facts[1:], facts[2:], strict=False):
        if (
            isinstance(before, Moved)
            and isinstance(ended, Ended)
            and isinstance(after, Moved)
            and before.target == ended.who == after.origin
            and before.way in (Way.CLOSE, Way.THROW)
        ):
            before.optional = after.optional = True


def _received(way: Way, seen: dict[str, Any]) -> str | None:
    """The value that came, by the variables of whom it came to: arguments, or the result."""
    if way is Way.RESUME:
        return _KEYWORD.sub(r"(\1, k=\2)", seen.get("r", "")) or None
    keyword = seen.get("k", "None")
    value: str | None = seen.get("x")
    return f"({value}, k={keyword})" if keyword != "None" else value


class _Reader:
    """Follows a log: who runs, who is on whose stack, and what each has yet to receive."""

    def __init__(self, rendered: Rendered) -> None:
        self._facts: list[Fact] = []
        self._creators: dict[str, tuple[str | None, int | None]] = {}
        self._parents: dict[str, str | None] = {}
        self._made_at = {line: name for name, line in rendered.made.items()}
        self._stack = ["main"]
        self._stacks: dict[str, list[str]] = {}
        """Those of the greenlets that are suspended."""
        self._left: dict[str, tuple[Way, str | None]] = {}
        self._awaiting: dict[str, Moved] = {}
        """The moves to those who have not shown yet what they got."""
        self._ended: dict[str, Ended] = {}
        self._closing: set[str] = set()
        self._started = {"main", "hub"}
        self._lines: dict[str, int] = {}
        """The last line of each."""
        self._alive: set[str] = set()

    def add(self, event: list[Any]) -> None:
        match event:
            case ["switch" | "throw" as how, str(origin), str(target)]:
                self._switch(how, origin, target)
            case ["print", list(stack), str(text)]:
                self._go_to(stack)
                self._facts.append(Printed(stack[-1], text))
            case ["alive", list(names)]:
                self._alive.update(names)
            case ["made", list(stack), str(name), str(parent)]:
                self._go_to(stack)
                self._parents[name] = parent
                self._creators.setdefault(name, (stack[-1], None))
            case [str(what), list(stack), int(line), dict(seen)]:
                self._frame_event(what, stack, line, seen)
            case _:
                raise AssertionError(event)

    def _frame_event(self, what: str, stack: list[str], line: int, seen: dict[str, Any]) -> None:
        entering = what == "call" and seen["generator"]
        if entering and self._stack != stack:
            self._go_to(stack[:-1])
            way = Way.RESUME if seen["resumed"] else Way.START
            self._move(stack[-1], way)
            self._stack = stack
        else:
            self._go_to(stack)
        who = stack[-1]
        self._started.add(stack[0])
        own = seen["own"] == who or (who == "main" and seen["own"][0] == "s")
        if own or (who in self._awaiting and self._awaiting[who].way is Way.FAIL):
            self._receive(who, what, seen)
        if what == "line":
            self._facts.append(Ran(who, line, again=self._lines.get(who) == line))
            self._lines[who] = line
            if line in self._made_at:
                self._creators[self._made_at[line]] = (who, line)
        elif what == "return" and seen["own"] == who:
            self._leave(who, _WAYS[seen["how"]], seen)

    def _leave(self, who: str, way: Way, seen: dict[str, Any]) -> None:
        self._awaiting.pop(who, None)
        self._left[who] = (way, seen["value"])
        if way is Way.FAIL and seen["generator"] and seen["value"].startswith("StopIteration("):
            self._left[who] = (way, _STOPPED)
        if way is not Way.YIELD:
            self._ended[who] = Ended(who, *self._left[who], closing=who in self._closing)
            self._facts.append(self._ended[who])
        if seen["generator"]:
            self._go_to(self._stack[:-1])

    def _receive(self, who: str, what: str, seen: dict[str, Any]) -> None:
        """Take the first sign of what one got for what the move to it carried."""
        if (move := self._awaiting.get(who)) is None or what == "call":
            return
        del self._awaiting[who]
        if move.way is Way.YIELD:
            if what == "exception" and "generator ignored" in seen["error"]:
                move.way, move.value = Way.FAIL, seen["error"]
        elif move.way is Way.FAIL:
            ended = self._ended[move.origin]
            if what == "exception":
                move.value = ended.value = seen["error"]
            else:
                self._close(move, ended)
        elif what == "exception":
            self._receive_exception(who, move, seen["error"])
        elif move.way in (Way.START, Way.RESUME):
            move.value = _received(move.way, seen)

    def _receive_exception(self, who: str, move: Moved, error: str) -> None:
        if error.startswith(_CLOSING):
            self._closing.add(who)
        if move.way in (Way.RESUME, Way.START) and not move.seen:
            move.way = Way.CLOSE if error == "GeneratorExit()" else Way.THROW
        if move.way in (Way.THROW, Way.CLOSE):
            move.value = error

    def _close(self, move: Moved, ended: Ended) -> None:
        """Take back that an exception got to anybody: it was the one that ends a generator."""
        value = str(ended.value)
        if ended.closing and not value.startswith(_CLOSING):
            move.way, move.value = Way.RETURN, None  # Python ignored it, and went on
        elif value == "GeneratorExit()":
            move.way, ended.way = Way.RETURN, Way.CLOSE
            move.value = ended.value = None
        elif move.origin in self._stacks and value.startswith(("GreenletExit(", "None")):
            # greenlet makes a result of a GreenletExit
            move.way = Way.RETURN
            if ended.closing or ended.value is None:
                ended.way = Way.CLOSE

    def finish(self) -> Facts:
        """Return the facts; what has not arrived by now does not arrive."""
        for move in self._awaiting.values():
            if move.way is Way.FAIL:
                self._close(move, self._ended[move.origin])
        _mark_optional(self._facts)
        return Facts(self._facts, self._creators, self._parents, alive=self._alive)

    def _go_to(self, stack: list[str]) -> None:
        """Follow control to where it is seen next, through all that lie between."""
        common = 0
        for old, new in zip(self._stack, stack, strict=False):
            if old != new:
                break
            common += 1
        while len(self._stack) > max(common, 1):
            gone = self._stack.pop()
            way, value = self._left.pop(gone, (None, None))
            if way is None:
                before = self._facts[-1]
                assert isinstance(before, Moved), (before, stack)
                way, value = before.way, before.value
                before.through = True
            self._append(Moved(gone, self._stack[-1], way, value, through=False))
            if way is Way.FAIL or (way is Way.YIELD and gone in self._closing):
                self._awaiting[self._stack[-1]] = self._facts[-1]  # type: ignore[assignment]
        for name in stack[common:]:
            self._move(name, Way.RESUME)
            self._stack.append(name)

    def _move(self, target: str, way: Way) -> None:
        origin = self._stack[-1]
        move = Moved(origin, target, way)
        self._append(move)
        self._awaiting[target] = move
        if (before := self._awaiting.pop(origin, None)) is None:
            return
        if before.way is Way.FAIL:
            self._close(before, self._ended[before.origin])
        elif before.way is not Way.YIELD:
            before.through = True

    def _append(self, move: Moved) -> None:
        self._facts.append(move)

    def _switch(self, how: str, origin: str, target: str) -> None:
        before = self._awaiting.get(self._stack[-1])
        if before is not None and before.way is Way.FAIL:
            # It goes on as if nothing had come: so nothing has.
            del self._awaiting[self._stack[-1]]
            self._close(before, self._ended[before.origin])
        self._stacks[origin] = self._stack
        self._stack = self._stacks.get(target, [target])
        if origin not in self._started:
            self._end_unstarted(origin)
        way, value = self._left.pop(origin, (None, None))
        if way is not None and target == "hub":
            way, value = Way.RETURN, None  # gevent catches what its greenlets raise
        elif way is None:
            started = target in self._stacks or target in ("main", "hub")
            way = Way.THROW if how == "throw" else Way.RESUME if started else Way.START
        move = Moved(self._stacks[origin][-1], self._stack[-1], way, value, seen=True)
        self._append(move)
        self._awaiting[target] = move

    def _end_unstarted(self, who: str) -> None:
        """Note that a greenlet ended which something was thrown into before it ran."""
        self._left[who] = Way.FAIL, None
        self._ended[who] = Ended(who, Way.FAIL)
        self._facts.append(self._ended[who])
