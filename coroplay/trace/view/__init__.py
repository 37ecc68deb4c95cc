"""The views of a recording, as plain frozen data: sentences, panes, arrows and lanes.

`words` and `timeline` are wings of their own. Here are the panes and the arrows between them:
`pairs` choose the coroutines to show, `panes` describe each, `sources` have its file; `rows` read
many steps, `switches` find those around a step, and the `exchange` arranges them.
"""

from coroplay.trace.view.exchange import Arrow, End, Tense, exchange
from coroplay.trace.view.pairs import Pair, Side, further, pair
from coroplay.trace.view.panes import GLYPHS, Pane, Variable, pane
from coroplay.trace.view.sources import Source, Sources
from coroplay.trace.view.switches import Switches
from coroplay.trace.view.timeline.lanes import Lane, Lanes, Window
from coroplay.trace.view.timeline.order import Order
from coroplay.trace.view.words.describe_state import describe_state
from coroplay.trace.view.words.explain import explain, explain_changes, explain_moment, remark
from coroplay.trace.view.words.limits import SCREEN, WHOLE, Limits
from coroplay.trace.view.words.moment import Moment, walk
from coroplay.trace.view.words.names import name_of, unique_name_of
from coroplay.trace.view.words.sentence import Fragment, Role, Sentence, say
from coroplay.trace.view.words.waits import WaitWords

__all__ = [
    "GLYPHS",
    "SCREEN",
    "WHOLE",
    "Arrow",
    "End",
    "Fragment",
    "Lane",
    "Lanes",
    "Limits",
    "Moment",
    "Order",
    "Pair",
    "Pane",
    "Role",
    "Sentence",
    "Side",
    "Source",
    "Sources",
    "Switches",
    "Tense",
    "Variable",
    "WaitWords",
    "Window",
    "describe_state",
    "exchange",
    "explain",
    "explain_changes",
    "explain_moment",
    "further",
    "name_of",
    "pair",
    "pane",
    "remark",
    "say",
    "unique_name_of",
    "walk",
]
