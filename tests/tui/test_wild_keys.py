"""Somebody hits the keyboard and pulls at the window: nothing breaks, and nothing stays behind."""

from __future__ import annotations

import fcntl
import os
import random
import re
import struct
import termios
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal, gone

KEYS = [
    *"srxcebopzftwnN/?[].,+-0123456789hjklgG abc",
    *("\r", "\t", "\x1b[Z", "\x1b", "\x7f", "\x03", "\x04", "\x10", "\x1bOP", "\n"),
    *(f"\x1b[{arrow}" for arrow in "ABCDHF"),
    *("\x1b[1;2C", "\x1b[1;2D", "\x1b[5~", "\x1b[6~", "\x1b[200~a\nb\rc\x1b[201~"),
    *("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m", "\x1b[<64;{x};{y}M", "\x1b[<65;{x};{y}M"),
    *("\x1b[<0;{x};{y}M", "\x1b[<32;{x};{y}M", "\x1b[<0;{x};{y}m"),
]
SIZES = [(50, 200), (40, 120), (24, 80), (12, 40), (3, 10), (24, 120)]
HITS = 250
SEEDS = int(os.environ.get("SEEDS", "1"))
"""Number of random sequences of keys; SEEDS sets more."""
PROGRAM = """
import gevent
def work(name):
    for n in range(1000):
        print(name, "does", n, "漢字" * n, end="\\r" if n % 3 else "\\n")
        gevent.sleep(0.001)
gevent.joinall([gevent.spawn(work, name) for name in "abc"])
print(input("more? "))
"""


def hit(terminal: Terminal, chance: random.Random) -> None:
    """Press a key, click somewhere, or make the terminal larger or smaller."""
    if chance.random() < 0.04:
        size = struct.pack("HHHH", *chance.choice(SIZES), 0, 0)
        fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, size)
    x, y = chance.randint(1, 120), chance.randint(1, 40)
    terminal.press(chance.choice(KEYS).replace("{x}", str(x)).replace("{y}", str(y)))
    terminal.rest(chance.choice((0, 0, 0.01, 0.05)))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_key_breaks_it_and_nothing_stays_behind(tmp_path: Path, seed: int) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    chance = random.Random(seed)
    with Terminal(os.fspath(program)) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("a does")
        started = set(terminal.children())
        assert started
        for _ in range(HITS // 25):
            for _ in range(25):
                hit(terminal, chance)
            started.update(terminal.children())
        terminal.press("\x11")
        assert terminal.until_ended() == 0
        assert gone(list(started))
        # What is said once the terminal is the person's again.
        last_words = (terminal.earlier + terminal.raw).rpartition(b"\x1b[?1049l")[2]
        assert re.sub(rb"\x1b\[[0-?]*[a-z]", b"", last_words).strip() == b""
