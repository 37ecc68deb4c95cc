"""Programs whose namespaces are dicts of their own kind: no method of theirs is called."""

from __future__ import annotations

import pytest

from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import outputs

PROGRAM = r"""
import builtins, gevent, greenlet, sys
from gevent.event import Event
from greenlet import getcurrent
calls = {}
def spy(name):
    own = getattr(dict, name, None)
    def method(self, *given):
        asked_by = sys._getframe(1).f_globals.get("__name__", "")
        calls[name, asked_by] = calls.get((name, asked_by), 0) + 1
        if own is None: raise KeyError(*given)
        return own(self, *given)
    return method
methods = ("get", "items", "keys", "values", "copy", "setdefault", "__contains__",
           "__getitem__", "__iter__", "__len__", "__missing__", "__eq__")
Space = type("Space", (dict,), {name: spy(name) for name in methods})
def space():
    made = Space(__name__="__main__", __builtins__=Space(vars(builtins)), gevent=gevent)
    made.update(Event=Event, greenlet=greenlet.greenlet, getcurrent=getcurrent)
    return made
exec(compile('''
def all_kinds():
    events = [Event(), Event()]
    [gevent.wait([one, one], timeout=.01) for one in events]
    gevent.wait(events, .001)
    events[0].wait(timeout=.001)
    for one in gevent.iwait([gevent.spawn(int), gevent.spawn(int)], timeout=1): pass
    gevent.joinall([gevent.spawn(gevent.sleep, .001)])
    def echo(x):
        while True: x = getcurrent().parent.switch(x)
    other = greenlet(echo)
    other.switch("a"); other.switch("b" if events else 1)
    gen = (one for one in events)
    next(gen)
    def twice(n):
        n = yield n
        yield n
    asked = twice(events); next(asked); asked.send(calls_nothing)
calls_nothing = 1
events = [Event(), Event()]
[gevent.wait([one, one], timeout=.01) for one in events]
gevent.wait(events, timeout=.001)
for one in gevent.iwait([gevent.spawn(int), gevent.spawn(int)], timeout=1): pass
all_kinds()
''', __file__, "exec"), space())
class Late(gevent.Timeout): pass
def late():
    error = Late(7)
    error.__dict__ = Space(error.__dict__)
    raise error
made = greenlet.greenlet(late)
try: made.switch()
except Late: pass
holder = greenlet.greenlet(getcurrent().switch)
holder.__dict__ = Space()
holder.switch(1)
print(sorted(calls.items()))
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_no_method_of_a_namespace_is_called_that_is_not_called_unwatched(
    bench: Workbench, level: str
) -> None:
    script = bench.script(PROGRAM)
    plain = bench.plain(script)
    assert bench.watched(bench.new_record(), script, level=level) == plain
    assert plain.status == 0, plain.stderr


def test_names_of_such_a_namespace_are_known_all_the_same(record: Recorder) -> None:
    recording = record(PROGRAM)
    assert recording.notes.silent_why == ""
    assert outputs(recording)
