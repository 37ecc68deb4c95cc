"""What the views of a recording say, as plain frozen data: sentences, panes, arrows and lanes."""

from coroplay.trace.view.exchange import Arrow, End, Tense, exchange
from coroplay.trace.view.explain import explain, explain_moment
from coroplay.trace.view.lanes import Lane, Lanes, Window
from coroplay.trace.view.moment import Moment
from coroplay.trace.view.names import name_of
from coroplay.trace.view.order import Order
from coroplay.trace.view.pairs import Pair, further, pair
from coroplay.trace.view.panes import GLYPHS, Pane, Variable, pane
from coroplay.trace.view.sentence import Part, Role, Sentence, say
from coroplay.trace.view.sources import Source, Sources
from coroplay.trace.view.switches import Switches

__all__ = [
    "GLYPHS",
    "Arrow",
    "End",
    "Lane",
    "Lanes",
    "Moment",
    "Order",
    "Pair",
    "Pane",
    "Part",
    "Role",
    "Sentence",
    "Source",
    "Sources",
    "Switches",
    "Tense",
    "Variable",
    "Window",
    "exchange",
    "explain",
    "explain_moment",
    "further",
    "name_of",
    "pair",
    "pane",
    "say",
]
