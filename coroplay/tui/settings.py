"""Settings that are kept from one start to the next, in a file under the XDG state folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final, NamedTuple

VERSION: Final = 1
"""Version of the file. A coroplay that gives a field another meaning counts on."""
_LONGEST: Final = 1 << 16


class SettingsError(Exception):
    """The file can't be used; the message is a sentence for the person."""


@dataclass(slots=True)
class Settings:
    """The person's last choices, and the layout they left."""

    theme: str = "coroplay-dark"
    lesson: str = ""
    """The id of the lesson that was chosen last."""
    pane: str = "lessons"
    """The pane in which the person was last."""
    zoomed: bool = False
    """True if that pane had the whole screen."""
    wrap: bool = True
    """True if long lines of output are wrapped."""
    speed: int = 2
    """Index of the speed at which steps are played."""
    welcomed: bool = False
    """True once a run has made the welcome unnecessary."""


class Loaded(NamedTuple):
    """Settings from the file, as far as they could be read."""

    settings: Settings
    problem: str = ""
    """A sentence on a fault of the file; empty if all is well."""
    keep: bool = False
    """True if the file must stay as it is: it belongs to a newer coroplay."""


def settings_file(environment: Mapping[str, str]) -> Path | None:
    """Return the path of the file; None if the home folder isn't known."""
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path("~/.local/state").expanduser()
        except RuntimeError:
            return None
    return state / "coroplay" / "app.json"


def load(environment: Mapping[str, str]) -> Loaded:
    """Read the settings, with defaults for all that can't be understood."""
    file = settings_file(environment)
    if file is None:
        return Loaded(Settings())
    try:
        with file.open("rb") as stream:
            content = stream.read(_LONGEST)
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as error:
        return Loaded(Settings(), f"{file} can't be read ({error.strerror}): nothing is remembered")
    import json  # The first start has nothing to read, and shows its first frame sooner.

    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        return Loaded(Settings(), f"{file} is damaged: this start is like the first one")
    version = kept.get("version", VERSION)
    if type(version) is not int or version > VERSION:
        problem = f"{file} is from a newer coroplay: it is left as it is"
        return Loaded(_understood(kept), problem, keep=True)
    return Loaded(_understood(kept))


def _understood(kept: Mapping[str, object]) -> Settings:
    settings = Settings()
    for field in fields(settings):
        value = kept.get(field.name)
        if type(value) is type(getattr(settings, field.name)):
            setattr(settings, field.name, value)
    return settings


def save(settings: Settings, environment: Mapping[str, str]) -> None:
    """Write the settings, in one rename. Raises SettingsError."""
    file = settings_file(environment)
    if file is None:
        raise SettingsError("your home folder isn't known: nothing is remembered")
    import json

    content = json.dumps({"version": VERSION, **asdict(settings)}, indent=1) + "\n"
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch.write_text(content, encoding="utf-8")
        scratch.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
        problem = f"{file} can't be written ({error.strerror}): your choices aren't remembered"
        raise SettingsError(problem) from None
