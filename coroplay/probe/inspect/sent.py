"""The value that is sent into a generator when it is resumed.

The value lies on the generator's own stack, where the accelerator reads it. The reference has only
the source of the call: it says what that says for certain, and else that the value is not known.
"""

from __future__ import annotations

import ast
import builtins
import opcode
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Final, NamedTuple

from coroplay.probe.base import accelerator
from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.inspect.calls import Values, parse_piece
from coroplay.probe.inspect.frames import release_variables
from coroplay.probe.inspect.pieces import Act, instruction_at, source_piece
from coroplay.probe.inspect.values import Namer, short
from coroplay.trace.layout import Verb

if accelerator.used:
    from coroplay.probe.native import _accelerator

_SEND: Final = opcode.opmap["SEND"]
_CONSUMERS: Final = (list, tuple, set, frozenset, dict, sum, max, min, sorted, any, all)
"""Functions that ask their first argument for all its values."""
_UNKNOWN: Final = object()


class Sent(NamedTuple):
    """A way to resume a generator, and the value sent into it, if it is known to be one."""

    verb: Verb
    value: str | None


class _Asked(NamedTuple):
    """An expression that a frame is evaluating while a generator runs, and what for."""

    act: Act
    node: ast.expr | None


_NEXT: Final = Sent(Verb.NEXT, None)
_NOT_KNOWN: Final = Sent(Verb.RESUME, None)


class SentValues:
    """Finds the values that are sent into generators."""

    def __init__(self, name: Namer) -> None:
        self._name = name
        self._known = CodeMemory[dict[int, _Asked]](dict)
        """By the offset of an instruction."""

    def into(self, frame: FrameType, thing: object, handed_on: Sent) -> Sent:
        """Return the value sent into a generator, given its frame, that has just been resumed.

        `handed_on` is what its caller would hand on, if it is one that delegates to it.
        """
        if accelerator.used:
            return self._show(*_accelerator.sent_value(frame))
        caller = frame.f_back
        if caller is None:
            return _NOT_KNOWN
        receiver = _Receiver(thing, frame.f_code, caller)
        sent = self._by_source(self._asked(caller), caller, receiver, handed_on)
        release_variables(caller)
        return sent

    def _show(self, *sent: object) -> Sent:
        if not sent:
            return _NOT_KNOWN
        if sent[0] is None:
            return _NEXT
        return Sent(Verb.SEND, short(sent[0], self._name))

    def _asked(self, frame: FrameType) -> _Asked:
        """Return the expression that a frame is evaluating."""
        known, at = self._known.of(frame.f_code), frame.f_lasti
        if at not in known:
            piece = source_piece(frame.f_code, at)
            node = ast.Name(".0", ast.Load()) if piece.outside else parse_piece(piece)
            known[at] = _Asked(piece.act, node)
        return known[at]

    def _by_source(
        self, asked: _Asked, caller: FrameType, receiver: _Receiver, handed_on: Sent
    ) -> Sent:
        act, node = asked
        if act is Act.NEXT and node is not None:
            return _NEXT if receiver.is_given_by(node) else _NOT_KNOWN
        if isinstance(node, ast.YieldFrom):
            instructions = caller.f_code.co_code
            sends = instructions[instruction_at(instructions, caller.f_lasti)] == _SEND
            return handed_on if sends and receiver.is_given_by(node.value) else _NOT_KNOWN
        if act is not Act.EXPRESSION or not isinstance(node, ast.Call):
            return _NOT_KNOWN
        if receiver.is_asked_by(node):
            return _NEXT
        if receiver.is_sent_to_by(node):
            value = receiver.values.of(node.args[0], _UNKNOWN)
            return Sent(Verb.SEND, None) if value is _UNKNOWN else self._show(value)
        return _NOT_KNOWN


class _Receiver:
    """A generator that has just been resumed, and the frame in which that was done."""

    def __init__(self, thing: object, code: CodeType, frame: FrameType) -> None:
        self._thing = thing
        self._code = code
        self._frame = frame
        self.values = Values(frame)

    def is_given_by(self, node: ast.expr) -> bool:
        """Tell whether an expression's value is the generator, or can only be."""
        if self.values.of(node) is self._thing:
            return True
        if isinstance(node, ast.GeneratorExp):
            return any(one is self._code for one in self._frame.f_code.co_consts)
        if not isinstance(node, ast.Call):
            return False
        called = self.values.of(node.func)
        if called is iter and len(node.args) == 1:
            return self.is_given_by(node.args[0])
        if type(called) is MethodType:
            called = called.__func__
        return type(called) is FunctionType and called.__code__ is self._code

    def is_asked_by(self, call: ast.Call) -> bool:
        """Tell whether a call asks the generator for its next value, or for all."""
        if isinstance(call.func, ast.Attribute):
            if call.func.attr == "__next__":
                return not call.args and self.is_given_by(call.func.value)
            joins = call.func.attr == "join" and type(self.values.of(call.func.value)) is str
            return joins and len(call.args) == 1 and self.is_given_by(call.args[0])
        called = self.values.of(call.func)
        asks = called is builtins.next or any(called is one for one in _CONSUMERS)
        return asks and bool(call.args) and self.is_given_by(call.args[0])

    def is_sent_to_by(self, call: ast.Call) -> bool:
        """Tell whether a call sends the generator the value of its only argument."""
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "send":
            return False
        plain = len(call.args) == 1 and not isinstance(call.args[0], ast.Starred)
        return plain and self.values.of(call.func.value) is self._thing
