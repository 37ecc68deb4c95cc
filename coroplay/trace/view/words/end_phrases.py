"""The phrases for the ways in which coroutines end: a part of the table of `phrases`."""

from __future__ import annotations

from typing import Final, NamedTuple

from coroplay.trace.model import HowEnded


class EndPhrase(NamedTuple):
    """The templates for one way of ending, but for a return, whose words depend on the value."""

    sentence: str
    """The finish of a coroutine that ran."""
    sentence_unstarted: str
    """The finish of one that never ran."""
    state: str
    """The state, ever after, of one that ran."""
    state_unstarted: str
    """The state of one that never ran."""


def _alike(sentence: str, state: str) -> EndPhrase:
    """Return the phrase for a way of ending that is told the same of one that never ran."""
    return EndPhrase(sentence, sentence, state, state)


_FAILED: Final = "failed: [{exception}|the exception was not seen]"

ENGLISH_ENDINGS: Final = {
    HowEnded.FAILED: EndPhrase(
        "{who} fails[ at {here}]: [{exception}|the exception was not seen].",
        "{who} ends before it ran: [{exception}|an exception] was thrown into it.",
        _FAILED,
        _FAILED,
    ),
    HowEnded.IGNORED: _alike(
        "{who} fails[ at {here}]: {exception}. No caller waits for it: Python reports the exception"
        " and goes on.",
        "failed: [{exception}|no reason known], which Python reported and ignored",
    ),
    HowEnded.CLOSED: EndPhrase(
        "{who} ends[ at {here}]: it was closed, and will not go on.",
        "{who} was closed before it ran, and never will.",
        "closed",
        "closed before it ran",
    ),
    HowEnded.KILLED: EndPhrase(
        "{who} was killed[ at {here}], and is finished.",
        "{who} was killed before it ran, and never will.",
        "killed",
        "killed before it ran",
    ),
    HowEnded.EXITED: _alike(
        "{who} raised [{value}|GreenletExit] itself[ at {here}], and is finished: this exception"
        " counts as a result, not as a failure.",
        "ended by its own GreenletExit",
    ),
    HowEnded.DROPPED: EndPhrase(
        "{who} is gone[ at {here}]: nothing refers to it any more, so nothing can resume it.",
        "{who} is gone before it ran: nothing refers to it any more.",
        "dropped before its end",
        "dropped before it ran",
    ),
    HowEnded.QUIT: _alike(
        "{who} ends[ at {here}] by {value}: that ends a thread alone, and nobody reports it.",
        "ended by {value}",
    ),
    HowEnded.UNSEEN: _alike("{who} has ended; how was not seen.", "ended, not known how"),
}
