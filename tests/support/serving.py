"""A lesson of one's own in which a client needs a server."""

from __future__ import annotations

import textwrap
from pathlib import Path

_LESSON = """
id = "serving"
title = "A server and a client"
summary = "The client needs the server."
order = 98
group = "Own"
watch = ["Who starts when."]

[[programs]]
name = "server"
file = "server.py"
title = "The server"
service = true
{ports}
[[programs]]
name = "client"
file = "client.py"
title = "The client"
{ports}
[together]
programs = ["server", "client"]
how = "at once"
"""
_PORT = """
[[programs.parameters]]
name = "{name}"
type = "port"
default = 0
help = "a port"
"""


def write_lesson(folder: Path, server: str, client: str, *, ports: tuple[str, ...] = ()) -> Path:
    """Write a lesson of two programs, which both take these ports, into a folder of lessons."""
    home = folder / "serving"
    home.mkdir(parents=True)
    taken = "".join(_PORT.format(name=name) for name in ports)
    (home / "lesson.toml").write_text(_LESSON.format(ports=taken))
    (home / "README.md").write_text("# Serving\n")
    options = "".join(f"# --{name}\n" for name in ports)
    (home / "server.py").write_text(options + textwrap.dedent(server))
    (home / "client.py").write_text(options + textwrap.dedent(client))
    return folder
