"""All sentences about steps and states, in one table: code chooses among them and fills them in.

A template is a whole sentence with named placeholders. A stretch in square brackets is said only
where its placeholder is known; after a bar stands what is said otherwise: ``[{value}|a value]``.
Another language is another `Phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from coroplay.trace.layout import WaitKind
from coroplay.trace.model import HowEnded
from coroplay.trace.view.words.end_phrases import ENGLISH_ENDINGS, EndPhrase
from coroplay.trace.view.words.wait_phrases import ENGLISH_WAITS, WaitPhrase


class Phrases(NamedTuple):
    """The templates of one language.

    ``{origin}`` and ``{target}`` are the coroutines of a switch, ``{here}`` is the line at which
    the origin was left, ``{there}`` the one at which the target goes on. Of any other step,
    ``{who}`` is the coroutine.
    """

    # Switches
    starts: str
    hub_starts: str
    resumes: str
    asks: str
    asks_new: str
    sends: str
    sends_to_new: str
    yields: str
    yields_to_new: str
    switches: str
    switches_to_new: str
    throws: str
    throws_for_timeout: str
    ignores_close: str
    throws_into_new: str
    hands_on_failure: str
    ends: str
    ends_for_new: str
    ends_for_parent: str
    ends_for_new_parent: str
    ends_for_hub: str
    closes: str
    drops: str
    drops_greenlet: str
    waits: str
    waits_for_new: str
    waits_for_hub: str
    wakes: str
    wakes_new: str
    wakes_sleeper: str
    wakes_waiter: str
    wakes_in_vain: str
    ends_wait: str
    kills: str
    kills_new: str
    switches_to_itself: str
    switches_to_itself_for_certain: str
    switches_to_ended: str
    starts_for_ended: str
    throws_into_itself: str
    throws_into_itself_for_certain: str
    throws_into_ended: str
    throws_exit_into_ended: str
    throws_exit_and_starts: str
    throws_into_some_ended: str
    value_unseen: str
    """Added to the sentence about a switch."""

    # Until when the origin of a switch is suspended
    suspended_until_answer: str
    suspended_until_yield: str
    suspended_until_switch: str
    suspended_until_done: str

    # Lines, and the variables that they changed
    runs_line: str
    runs_line_in: str
    runs_line_of_main_part: str
    changes: str
    changes_and_more: str
    first_change: str
    change: str
    gone: str
    between_changes: str

    # Output
    prints: str
    prints_empty_line: str
    writes_error: str
    writes_empty_error: str
    quoted: str

    # Spawns
    program_starts: str
    hub_appears: str
    thread_starts: str
    first_seen: str
    first_seen_generator: str
    makes_generator: str
    makes_greenlet: str
    makes_gevents: str
    spawns_greenlet: str
    spawns_greenlet_later: str

    # Finishes
    endings: Mapping[HowEnded, EndPhrase]
    program_quits: str
    program_ends: str
    comes_to_end: str
    returns: str
    returns_to_caller: str
    returns_to_closer: str
    returns_in_vain: str

    # Remarks on a step, for views that show all there is
    with_value: str

    # States of coroutines
    state_ready: str
    state_running: str
    state_running_beside: str
    state_left_over: str
    state_hub_running: str
    state_suspended: str
    state_hub_suspended: str
    state_waiting: str
    state_waiting_brief: str
    state_waiting_time_left: str
    state_waiting_time_up: str
    state_finished: str
    state_finished_with: str

    # Waits: ``{what}`` is the name of what is waited for, ``{thing}`` is its kind and its name
    kinds_of_wait: Mapping[WaitKind, WaitPhrase]
    wait_over: str
    label_over: str
    wait_limit: str
    label_time_up: str
    label_waited: str
    label_unseen: str
    """A value that is not known, at an arrow."""

    # Words that are filled in
    something: str
    several: str
    some_thing: str
    some_vowel_thing: str
    named_thing: str
    between_things: str
    alike_things: str
    more_things: str
    several_things: str
    hub: str
    the_hub: str
    the_hub_first: str
    """At the beginning of a sentence."""
    line: str
    line_of_file: str
    between_sentences: str


ENGLISH: Final = Phrases(
    starts="{origin} starts {target}[ with {value}][; {unseen}].",
    hub_starts="{origin} starts {target}[ with {value}], whose turn has come[; {unseen}].",
    resumes=(
        "{origin} resumes {target}, which goes on from its {keyword}[ on {there}]; the value that"
        " it gets is not known."
    ),
    asks=(
        "{origin} asks {target} for its next value, which goes on from its {keyword}[ on {there}]."
    ),
    asks_new="{origin} asks {target} for its next value, which begins with its first line.",
    sends=(
        "{origin} sends [{value}|a value] into {target},"
        " which goes on from its {keyword}[ on {there}]."
    ),
    sends_to_new=(
        "{origin} sends [{value}|a value] into {target}, which begins with its first line."
    ),
    yields=(
        "{origin} yields[ {value}] and is suspended[ at {here}]; {target} goes on[ at {there}]."
    ),
    yields_to_new=(
        "{origin} yields[ {value}] and is suspended[ at {here}];"
        " {target} begins with its first line."
    ),
    switches=(
        "{origin} switches to {target}[ with {value}], which goes on[ at {there}][; {unseen}]."
    ),
    switches_to_new=(
        "{origin} switches to {target}[ with {value}], which begins with its first line"
        "[; {unseen}]."
    ),
    throws=("{origin} throws [{value}|an exception that was not seen] into {target}[ at {there}]."),
    ignores_close=(
        "{origin} yields[ at {here}], though it was closed: Python raises {value} in {target}"
        "[ at {there}]."
    ),
    throws_for_timeout=(
        "{origin} throws [{value}|an exception that was not seen] into {target}[ at {there}]:"
        " a Timeout, begun by {beginner}[ at {begun}], is up."
    ),
    throws_into_new=(
        "{origin} throws [{value}|an exception that was not seen] into {target}, which has not run"
        " yet, and now never will."
    ),
    hands_on_failure=(
        "{origin} has failed; [{value}|an exception that was not seen] is raised in {target}"
        "[ at {there}]."
    ),
    ends="{origin} has ended; control goes to {target}, which goes on[ at {there}].",
    ends_for_new="{origin} has ended; control goes to {target}, which begins with its first line.",
    ends_for_parent=(
        "{origin} has ended; control goes to its parent {target}, which goes on[ at {there}]."
    ),
    ends_for_new_parent=(
        "{origin} has ended; control goes to its parent {target}, which begins with its first line."
    ),
    ends_for_hub="{origin} has ended; {target} looks for who can go on.",
    closes="{origin} closes {target}: its {keyword}[ on {there}] raises {exception}.",
    drops="{target} is dropped: its {keyword}[ on {there}] raises {exception}.",
    drops_greenlet=(
        "{target} is dropped, since nothing refers to it any more: {exception} is raised in it"
        "[ at {there}]."
    ),
    waits="{origin} waits[ {wait}]; {target} goes on[ at {there}].",
    waits_for_new="{origin} waits[ {wait}]; {target} begins with its first line.",
    waits_for_hub="{origin} waits[ {wait}]; {target} looks for who can go on.",
    wakes="{origin} wakes {target}. It goes on[ at {there}].",
    wakes_new="{origin} wakes {target}. It begins with its first line.",
    wakes_sleeper=(
        "{origin} wakes {target}, whose sleep of {length} is over. It goes on[ at {there}]."
    ),
    wakes_waiter=(
        "{origin} wakes {target}, which waited {time}[ {wait}].[ Not ended yet: {unended}.]"
        " It goes on[ at {there}]."
    ),
    wakes_in_vain=(
        "{origin} wakes {target}, whose time of {length} is up. Not ended yet: {unended}."
        " It goes on[ at {there}]."
    ),
    ends_wait=(
        "{origin} ends the wait of {target}, whose time of {length} is up. It goes on[ at {there}]."
    ),
    kills="{origin} kills {target}: {exception} is raised in it[ at {there}].",
    kills_new="{origin} kills {target}, which has not run yet, and now never will.",
    switches_to_itself=(
        "{origin} switches[ with {value}] to itself, or to one that has ended, and goes on"
        "[ at {here}][; {unseen}]."
    ),
    switches_to_itself_for_certain=(
        "{origin} switches[ with {value}] to itself, and goes on[ at {here}][; {unseen}]."
    ),
    switches_to_ended=(
        "{origin} switches[ with {value}] to {asked}, which has ended: {target} goes on instead"
        "[ at {there}][; {unseen}]."
    ),
    starts_for_ended=(
        "{origin} switches[ with {value}] to {asked}, which has ended: {target} starts instead"
        "[; {unseen}]."
    ),
    throws_into_itself=(
        "{origin} throws [{value}|an exception that was not seen] into itself, or into one that has"
        " ended: it is raised in {origin}[ at {here}]."
    ),
    throws_into_itself_for_certain=(
        "{origin} throws [{value}|an exception that was not seen] into itself: it is raised"
        "[ at {here}]."
    ),
    throws_into_ended=(
        "{origin} throws [{value}|an exception that was not seen] into {asked}, which has ended:"
        " it is raised in {target} instead[ at {there}]."
    ),
    throws_exit_into_ended=(
        "{origin} throws [{value}|a GreenletExit] into [{asked}|one], which has ended: it is not"
        " raised, but handed as a value to {target}, which goes on[ at {there}]."
    ),
    throws_exit_and_starts=(
        "{origin} throws [{value}|a GreenletExit] into [{asked}|one], which has ended: it is not"
        " raised, but {target} starts instead."
    ),
    throws_into_some_ended=(
        "{origin} throws an exception into one that has ended: it is not raised, but handed to it"
        " as a value; it goes on[ at {here}]."
    ),
    value_unseen="the value that it gets, if any, is not known",
    suspended_until_answer="{origin} is suspended[ at {here}] until {target} answers.",
    suspended_until_yield="{origin} is suspended[ at {here}] until {target} yields.",
    suspended_until_switch="{origin} is suspended[ at {here}] until somebody switches back.",
    suspended_until_done="{origin} is suspended[ at {here}] until that is done.",
    runs_line="{who} is about to run [{line}|a line].",
    runs_line_in="{who}, now in {function}, is about to run [{line}|a line].",
    runs_line_of_main_part=(
        "{who}, back in the main part of the program, is about to run [{line}|a line]."
    ),
    changes="{changes}.",
    changes_and_more="{changes}, and {count} more.",
    first_change="{name} is now {value}",
    change="{name} {value}",
    gone="{name} is gone",
    between_changes=", ",
    prints="{who} prints {text}.",
    prints_empty_line="{who} prints an empty line.",
    writes_error="{who} writes {text} to standard error.",
    writes_empty_error="{who} writes an empty line to standard error.",
    quoted="“{text}”",
    program_starts="The program starts. What runs first goes by the name of {who}.",
    hub_appears=(
        "Gevent's {who} comes to life: whenever a coroutine waits, the hub looks for one that can"
        " go on."
    ),
    thread_starts="A thread starts, {who}: it runs beside the others, and may switch too.",
    first_seen="{who} is first seen; who made it was not.",
    first_seen_generator=(
        "{who}, a generator, is first seen. Its body does not run before it is asked for a value."
    ),
    makes_generator=(
        "{maker} makes {who}, a generator. Its body does not run before it is asked for a value."
    ),
    makes_greenlet="{maker} makes {who}, a greenlet. It does not run before it is switched to.",
    makes_gevents="{maker} makes {who}, a Greenlet, which has not run yet.",
    spawns_greenlet=(
        "{maker} spawns {who}, a Greenlet. It is ready; the hub will start it when its turn comes."
    ),
    spawns_greenlet_later=(
        "{maker} spawns {who}, a Greenlet that is to start later[, after {length}]."
    ),
    endings=ENGLISH_ENDINGS,
    program_quits=(
        "{who} ends[ at {here}] by {value}, and the program with it[: its status is {status}]."
    ),
    program_ends="{who} has come to its end, and the program with it.",
    comes_to_end="{who} has come to its end, and is finished.",
    returns="{who} returns {value} and is finished.",
    returns_to_caller=(
        "{who} returns {value} and is finished: StopIteration({value}) takes it to the caller."
    ),
    returns_to_closer=(
        "{who} returns {value} and is finished: it was closed, and close() returns the value."
    ),
    returns_in_vain=(
        "{who} returns {value} and is finished: it was closed, and nobody gets the value."
    ),
    with_value="with {value}",
    state_ready="has not started yet",
    state_running="running[, {line}]",
    state_running_beside="has control in its thread[, last at {line}]",
    state_left_over="not seen to end[, last at {line}]",
    state_hub_running="looks for who can go on",
    state_suspended="suspended[ at {line}]",
    state_hub_suspended="suspended while others run",
    state_waiting="waiting[ {wait}]",
    state_waiting_brief="{wait}[, {time} left]",
    state_waiting_time_left="waiting[ {wait}], {time} left",
    state_waiting_time_up="waiting[ {wait}], its time is up",
    state_finished="finished",
    state_finished_with="finished with {value}",
    kinds_of_wait=ENGLISH_WAITS,
    wait_over="to go on, now that {what} ended",
    label_over="{what} ended",
    wait_limit=", at most {time}",
    label_time_up="time is up",
    label_waited="after {time}",
    label_unseen="?",
    something="something",
    several="several things",
    some_thing="a {noun}",
    some_vowel_thing="an {noun}",
    named_thing="{noun} {what}",
    between_things=", ",
    alike_things="{what} \N{MULTIPLICATION SIGN}{count}",
    more_things="{what} and {count} more",
    several_things="{count} things",
    hub="hub",
    the_hub="the hub",
    the_hub_first="The hub",
    line="line {number}",
    line_of_file="line {number} of {file}",
    between_sentences=" ",
)
