"""Recordings of programs that try to steer the terminal: none of it gets to the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from coroplay.trace import Recording
from tests.support.programs import Workbench
from tests.tui.widget_text import everything, opened

pytestmark = pytest.mark.asyncio

# A comment with escapes, values with escapes, a name, output, standard error and a failure.
HOSTILE = (
    "# \x1b]0;owned\x07 \x1b[2J \x9b31m \u202eetag\u202c\n"
    "import sys\n"
    "from greenlet import greenlet\n"
    "class Odd:\n"
    "    pass\n"
    "Odd.__name__ = Odd.__qualname__ = 'Odd\\x1b[5m'\n"
    "def work(got):\n"
    "    text = '\\x1b]52;c;aGVsbG8=\\x07' + '\\u202e' + '\\x9b' * 4\n"
    "    other = Odd()\n"
    "    print(text)\n"
    "    print('\\x1b[?1049h\\x1bP...', file=sys.stderr)\n"
    "    back = main.switch(text)\n"
    "    raise ValueError('\\x1b[31m' + 'x' * 100000)\n"
    "work.__name__ = 'wo\\x1b[1mrk'\n"
    "work.__qualname__ = work.__name__\n"
    "work.__code__ = work.__code__.replace(co_name='wo\\x1b]2;t\\x07rk')\n"
    "main = greenlet.getcurrent()\n"
    "worker = greenlet(work)\n"
    "worker.switch('\\x1b[8m')\n"
    "try:\n"
    "    worker.switch(Odd())\n"
    "except ValueError:\n"
    "    pass\n"
)
ALLOWED = {"\n"}


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Recording]:
    bench = Workbench(tmp_path)
    script = tmp_path / "evil\x1b[31m.py"
    script.write_text(HOSTILE)
    with bench.record(str(script)) as recording:
        yield recording


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_no_pane_passes_on_what_steers_a_terminal(
    hostile: Recording, size: tuple[int, int]
) -> None:
    async with opened(hostile, 0, size) as (app, pilot):
        for step in range(len(hostile)):
            app.move(step)
            await pilot.pause()
            found = {c for c in everything(app) if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
            assert not found - ALLOWED, f"step {step}"
        assert "␛" in everything(app)
