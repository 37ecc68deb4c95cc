"""What is remembered from one start to the next, in a file under the XDG state folder."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

_LONGEST = 1 << 16


@dataclass(slots=True)
class Settings:
    """The person's last choices; a file that can't be read or written is done without."""

    theme: str = "coroplay-dark"
    lesson: str = ""
    """The id of the lesson that was chosen last."""
    pane: str = "lessons"
    """The pane in which they were last."""
    zoomed: bool = False
    speed: int = 2
    """Which of the speeds things are played at."""
    welcomed: bool = False
    """Whether the welcome has been shown."""


def settings_file(environment: Mapping[str, str]) -> Path | None:
    """Where it is kept; None where the home folder isn't known."""
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path("~/.local/state").expanduser()
        except RuntimeError:
            return None
    return state / "coroplay" / "app.json"


def load(environment: Mapping[str, str]) -> Settings:
    """What was remembered, or the defaults."""
    settings = Settings()
    file = settings_file(environment)
    try:
        kept = json.loads(file.read_bytes()[:_LONGEST]) if file else {}
    except (OSError, ValueError):
        return settings
    for field in fields(settings):
        value = kept.get(field.name) if isinstance(kept, dict) else None
        if type(value) is type(getattr(settings, field.name)):
            setattr(settings, field.name, value)
    return settings


def save(settings: Settings, environment: Mapping[str, str]) -> None:
    """Remember it, in one rename."""
    file = settings_file(environment)
    if file is None:
        return
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = file.with_name(f"{file.name}.{os.getpid()}")
        scratch.write_text(json.dumps(asdict(settings), indent=1) + "\n")
        scratch.replace(file)
