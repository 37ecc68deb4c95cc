"""All sentences about steps and states, in one table: code chooses among them and fills them in.

A template is a whole sentence with named placeholders. A stretch in square brackets is said only
where its placeholder is known; after a bar stands what is said otherwise: ``[{value}|a value]``.
Another language is another `Phrases`.
"""

from __future__ import annotations

from typing import Final, NamedTuple


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
    throws_into_new: str
    hands_on_failure: str
    ends: str
    ends_for_new: str
    ends_for_parent: str
    ends_for_new_parent: str
    ends_for_hub: str
    closes: str
    waits: str
    waits_for_new: str
    waits_for_hub: str
    wakes: str
    wakes_new: str
    wakes_sleeper: str
    wakes_waiter: str
    kills: str

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
    quoted: str

    # Spawns
    program_starts: str
    hub_appears: str
    thread_starts: str
    first_seen: str
    makes_generator: str
    makes_greenlet: str
    spawns_greenlet: str

    # Finishes
    program_ends: str
    fails: str
    ignored: str
    closed: str
    closed_unstarted: str
    killed: str
    killed_unstarted: str
    dropped: str
    dropped_unstarted: str
    ends_unseen: str
    comes_to_end: str
    returns: str

    # Remarks on a step, for views that show all there is
    with_value: str

    # States of coroutines
    state_ready: str
    state_running: str
    state_hub_running: str
    state_suspended: str
    state_hub_suspended: str
    state_waiting: str
    state_waiting_time_left: str
    state_waiting_time_up: str
    state_failed: str
    state_finished: str
    state_finished_with: str
    state_ignored: str
    state_closed: str
    state_closed_unstarted: str
    state_killed: str
    state_killed_unstarted: str
    state_dropped: str
    state_dropped_unstarted: str
    state_ended_unseen: str

    # ``{wait}`` in the sentences above
    wait_for_end: str
    wait_for_result: str
    wait_for: str
    wait_to: str
    wait_to_acquire: str
    wait_in: str
    wait_on: str

    # Words that are filled in
    hub: str
    the_hub: str
    the_hub_first: str
    """At the beginning of a sentence."""
    line: str
    line_of_file: str
    between_sentences: str


ENGLISH: Final = Phrases(
    starts="{origin} starts {target}[ with {value}].",
    hub_starts="{origin} starts {target}[ with {value}], whose turn has come.",
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
    switches="{origin} switches to {target}[ with {value}], which goes on[ at {there}].",
    switches_to_new=(
        "{origin} switches to {target}[ with {value}], which begins with its first line."
    ),
    throws=("{origin} throws [{value}|an exception that was not seen] into {target}[ at {there}]."),
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
    waits="{origin} waits[ {wait}]; {target} goes on[ at {there}].",
    waits_for_new="{origin} waits[ {wait}]; {target} begins with its first line.",
    waits_for_hub="{origin} waits[ {wait}]; {target} looks for who can go on.",
    wakes="{origin} wakes {target}. It goes on[ at {there}].",
    wakes_new="{origin} wakes {target}. It begins with its first line.",
    wakes_sleeper="{origin} wakes {target}, whose {sleep} is over. It goes on[ at {there}].",
    wakes_waiter="{origin} wakes {target}, whose wait is over. It goes on[ at {there}].",
    kills="{origin} kills {target}: {exception} is raised in it[ at {there}].",
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
    writes_error="{who} writes to standard error: {text}.",
    quoted="“{text}”",
    program_starts="The program starts. What runs first goes by the name of {who}.",
    hub_appears=(
        "Gevent's {who} comes to life: whenever a coroutine waits, the hub looks for one that can"
        " go on."
    ),
    thread_starts="A thread starts, {who}: it runs beside the others, and may switch too.",
    first_seen="{who} is first seen; who made it was not.",
    makes_generator=(
        "{maker} makes {who}, a generator. Its body does not run before it is asked for a value."
    ),
    makes_greenlet="{maker} makes {who}, a greenlet. It does not run before it is switched to.",
    spawns_greenlet=(
        "{maker} spawns {who}, a Greenlet. It is ready; the hub will start it when its turn comes."
    ),
    program_ends="{who} has come to its end, and the program with it.",
    fails="{who} fails[ at {here}]: {exception}.",
    ignored=(
        "{who} fails[ at {here}]: {exception}. No caller waits for it: Python reports the exception"
        " and goes on."
    ),
    closed="{who} ends[ at {here}]: it was closed, and will not go on.",
    closed_unstarted="{who} was closed before it ran, and never will.",
    killed="{who} was killed[ at {here}], and is finished.",
    killed_unstarted="{who} was killed before it ran, and never will.",
    dropped="{who} is gone[ at {here}]: nothing refers to it any more, so nothing can resume it.",
    dropped_unstarted="{who} is gone before it ran: nothing refers to it any more.",
    ends_unseen="{who} has ended; how was not seen.",
    comes_to_end="{who} has come to its end, and is finished.",
    returns="{who} returns {value} and is finished.",
    with_value="with {value}",
    state_ready="ready, has not run yet",
    state_running="running[, {line}]",
    state_hub_running="looks for who can go on",
    state_suspended="suspended[ at {line}]",
    state_hub_suspended="suspended while others run",
    state_waiting="waiting[ {wait}]",
    state_waiting_time_left="waiting[ {wait}], {time} left",
    state_waiting_time_up="waiting[ {wait}], its time is up",
    state_failed="failed: [{exception}|no reason known]",
    state_finished="finished",
    state_finished_with="finished with {value}",
    state_ignored="failed: [{exception}|no reason known], which Python reported and ignored",
    state_closed="closed",
    state_closed_unstarted="closed before it ran",
    state_killed="killed",
    state_killed_unstarted="killed before it ran",
    state_dropped="dropped before its end",
    state_dropped_unstarted="dropped before it ran",
    state_ended_unseen="ended, not known how",
    wait_for_end="for {what} to end",
    wait_for_result="for the result of {what}",
    wait_for="for {what}",
    wait_to="to {what}",
    wait_to_acquire="to acquire {what}",
    wait_in="in {what}",
    wait_on="on {what}",
    hub="hub",
    the_hub="the hub",
    the_hub_first="The hub",
    line="line {number}",
    line_of_file="line {number} of {file}",
    between_sentences=" ",
)
