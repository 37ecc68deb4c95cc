"""A step in plain words."""

from __future__ import annotations

import re
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.ending import EndingKind
from coroplay.trace.model import (
    Change,
    CoroutineKind,
    Finish,
    How,
    HowEnded,
    Line,
    Output,
    OutputStream,
    RecordingError,
    Spawn,
    Step,
    Switch,
    ValueWay,
)
from coroplay.trace.recording import Recording
from coroplay.trace.view.words.explain_switch import explain_switch
from coroplay.trace.view.words.limits import SCREEN, Limits
from coroplay.trace.view.words.moment import Moment
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import (
    Fragment,
    Role,
    Sentence,
    code,
    fill,
    fill_text,
    join,
    value,
)
from coroplay.trace.view.words.waits import describe_seconds

_SPAWNS: Final = {
    CoroutineKind.GENERATOR: ENGLISH.makes_generator,
    CoroutineKind.GREENLET: ENGLISH.makes_greenlet,
    CoroutineKind.GEVENT: ENGLISH.spawns_greenlet,
}
_LATER: Final = re.compile(r"[\w.]*\b(?:spawn|start)_later\((?:seconds=)?([0-9.]+(?=[,)]))?")
"""A call that has a Greenlet start later, and the seconds if they are a plain number."""
_SPAWN: Final = re.compile(r"[\w.()\[\]]*\b(?:spawn|map|imap|imap_unordered|apply|start)\w*\(")
"""A call that has a Greenlet start as soon as it may."""
_WITH_SILENT_VALUE: Final = (How.RETURN, How.WAKE, How.KILL)
"""Switches whose sentence leaves out the value that they carry."""
_WAYS: Final = {
    ValueWay.CLOSE: ENGLISH.returns_to_closer,
    ValueWay.NOWHERE: ENGLISH.returns_in_vain,
}


def explain(recording: Recording, index: int) -> Sentence:
    """Say what that step does. Raises IndexError if there is no such step."""
    return explain_moment(Moment(recording, index))


def explain_moment(moment: Moment, limits: Limits = SCREEN) -> Sentence:
    """Say what the step of that moment does."""
    match moment.step:
        case Switch() as switch:
            return explain_switch(moment, switch, limits)
        case Line() as line:
            return _line(moment, line, limits)
        case Output() as output:
            return _output(moment, output, limits)
        case Spawn() as spawn:
            return _spawn(moment, spawn)
        case Finish() as finish:
            return _finish(moment, finish, limits)


def explain_changes(changed: tuple[Change, ...], limits: Limits) -> Sentence:
    """Say which variables a line has changed; nothing if there are none."""
    shown = changed[: limits.changes]
    if not shown:
        return Sentence(())
    changes: list[Fragment] = []
    for change in shown:
        if changes:
            changes.append(Fragment(ENGLISH.between_changes))
        name = code(change.name, limits.variable)
        if change.value is None:
            changes += fill(ENGLISH.gone, name=name)
        else:
            template = ENGLISH.change if changes else ENGLISH.first_change
            changes += fill(template, name=name, value=value(change.value, limits.new_value))
    rest = len(changed) - len(shown)
    if rest:
        return join(fill(ENGLISH.changes_and_more, changes=changes, count=str(rest)))
    return join(fill(ENGLISH.changes, changes=changes))


def remark(step: Step, limits: Limits) -> Sentence:
    """Say what the sentence about a step leaves out; nothing in most cases."""
    match step:
        case Switch(how=how, value=str() as carried) if how in _WITH_SILENT_VALUE:
            return join(fill(ENGLISH.with_value, value=value(carried, limits.value)))
        case _:
            return Sentence(())


def _line(moment: Moment, step: Line, limits: Limits) -> Sentence:
    who = moment.who(step.coroutine)
    was = moment.was(step.coroutine)
    function = step.place.function if step.place else ""
    before = was.place.function if was and was.place else ""
    template = ENGLISH.runs_line
    if before and function not in ("", before, who.text):
        in_main_part = function == "<module>"
        template = ENGLISH.runs_line_of_main_part if in_main_part else ENGLISH.runs_line_in
    line = moment.line(step.place)
    about = fill(template, who=who, function=code(function, limits.value), line=line)
    return join(about, explain_changes(step.changed, limits).fragments)


def _output(moment: Moment, step: Output, limits: Limits) -> Sentence:
    who = moment.who(step.coroutine)
    raw = step.text if limits.output is None else step.text[: limits.output * 2]
    text = clean(raw.strip("\r\n"), limits.output)
    is_error = step.stream is OutputStream.STDERR
    if not text:
        template = ENGLISH.writes_empty_error if is_error else ENGLISH.prints_empty_line
        return join(fill(template, who=who))
    quoted = Fragment(fill_text(ENGLISH.quoted, text=text), Role.VALUE)
    return join(fill(ENGLISH.writes_error if is_error else ENGLISH.prints, who=who, text=quoted))


def _spawn(moment: Moment, step: Spawn) -> Sentence:
    kind = moment.about(step.coroutine).kind
    who = moment.who(step.coroutine)
    if kind is CoroutineKind.HUB:
        hub = Fragment(ENGLISH.hub, Role.COROUTINE, step.coroutine)
        return join(fill(ENGLISH.hub_appears, who=hub))
    if kind is CoroutineKind.THREAD:
        return join(fill(ENGLISH.thread_starts, who=who))
    if kind is CoroutineKind.MAIN:
        return join(fill(ENGLISH.program_starts, who=who))
    newcomer = moment.newcomer(step.coroutine)
    if step.creator is None:
        is_generator = kind is CoroutineKind.GENERATOR
        first_seen = ENGLISH.first_seen_generator if is_generator else ENGLISH.first_seen
        return join(fill(first_seen, who=newcomer))
    source = step.place.source if step.place else ""
    later = _LATER.match(source)
    template = ENGLISH.spawns_greenlet_later if later else _SPAWNS[kind]
    if kind is CoroutineKind.GEVENT and not later and not _SPAWN.match(source):
        # Its `start` may come at any time, or never.
        template = ENGLISH.makes_gevents
    return join(
        fill(
            template,
            maker=moment.who(step.creator),
            who=newcomer,
            length=later and later[1] and describe_seconds(float(later[1])),
        )
    )


def _finish(moment: Moment, step: Finish, limits: Limits) -> Sentence:
    return join(
        fill(
            _choose_finish(moment, step),
            who=moment.who(step.coroutine),
            here=moment.line_of(step.coroutine, step.place),
            value=value(step.value or "", limits.value),
            exception=None if step.exception is None else value(step.exception, limits.value),
            status=_status(moment.recording) if step.how is HowEnded.QUIT else None,
        )
    )


def _status(recording: Recording) -> str | None:
    """Return the exit status of the program; None if it is not known (yet)."""
    try:
        ending = recording.ending
    except RecordingError:
        return None
    if ending is None or ending.kind is not EndingKind.EXIT:
        return None
    return str(ending.status)


def _choose_finish(moment: Moment, step: Finish) -> str:
    if step.how is HowEnded.RETURNED:
        kind = moment.about(step.coroutine).kind
        return _WAYS.get(step.way) or _choose_return(kind, step.value)
    if step.how is HowEnded.QUIT and moment.about(step.coroutine).kind is CoroutineKind.MAIN:
        return ENGLISH.program_quits
    phrase = ENGLISH.endings[step.how]
    return phrase.sentence_unstarted if step.never_ran else phrase.sentence


def _choose_return(kind: CoroutineKind, value: str | None) -> str:
    if kind is CoroutineKind.MAIN:
        return ENGLISH.program_ends
    if value in (None, "None"):
        return ENGLISH.comes_to_end
    return ENGLISH.returns_to_caller if kind is CoroutineKind.GENERATOR else ENGLISH.returns
