"""What README.md promises can be typed, and its table of keys is the app's own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from coroplay.cli.arguments import parse
from coroplay.tui.bindings import as_markdown

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`coroplay ([^`]+)`", README)


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_is_understood(command: str) -> None:
    assert callable(parse(shlex.split(command)).command)


def test_the_keys_are_those_of_the_app() -> None:
    assert as_markdown() in README


def test_what_the_readme_points_to_is_there() -> None:
    targets = [one for one in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in one]
    assert [one for one in targets if not (ROOT / one).exists()] == []
