"""The views of a recording, as plain frozen data: sentences, panes, arrows and lanes.

* Sentences: `phrases` has all templates, `sentence` fills them in, `limits` cut the values. `names`
  shorten coroutines' names, `waits` describe what is waited for. A `moment` is one step with the
  states around it; `explain` and `explain_switch` say what it does.
* Panes: `pairs` choose the coroutines to show, `panes` describe each, `sources` have its file.
* Arrows: `rows` read many steps, `switches` find those around a step, `exchange` arranges them.
* Lanes: `order` says which lane is whose, `viewport` which time is shown, `axis` labels it. `lanes`
  draws with `boxes`: a short stretch from `lane_histories`, a long one from `samples`, which keep
  `compact_states`.
"""

from coroplay.trace.view.exchange import Arrow, End, Tense, exchange
from coroplay.trace.view.explain import explain, explain_changes, explain_moment, remark
from coroplay.trace.view.lanes import Lane, Lanes, Window
from coroplay.trace.view.limits import SCREEN, WHOLE, Limits
from coroplay.trace.view.moment import Moment, walk
from coroplay.trace.view.names import name_of
from coroplay.trace.view.order import Order
from coroplay.trace.view.pairs import Pair, Side, further, pair
from coroplay.trace.view.panes import GLYPHS, Pane, Variable, pane
from coroplay.trace.view.sentence import Fragment, Role, Sentence, say
from coroplay.trace.view.sources import Source, Sources
from coroplay.trace.view.switches import Switches

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
    "Window",
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
    "walk",
]
