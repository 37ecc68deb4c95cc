"""The playground: the terminal app in which people see coroutines run.

`run` is all that the command line needs; nothing of Textual is imported before it is called.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coroplay.lessons import Catalogue, Lesson
    from coroplay.trace import Recording


def run(
    catalogue: Catalogue,
    *,
    lesson: Lesson | None = None,
    script: Path | None = None,
    arguments: str = "",
    recording: Recording | None = None,
) -> int:
    """Open the playground, at a lesson, a script or a recording; return the exit status.

    `arguments` are for the script, written as in a shell.
    """
    import gc
    import sys
    import warnings

    _draw_soon()
    # A person who quits needs no warning of work that was about to begin just then.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    gc.disable()  # Until the first frame: the collector finds nothing, and takes its time.
    from coroplay.tui.app import Playground, Start

    app = Playground(catalogue, Start(lesson, script, arguments, recording))
    app.run()
    if app.last_words:
        with contextlib.suppress(OSError):  # The terminal may have gone, and the person with it.
            print(f"coroplay: {app.last_words}", file=sys.stderr)
    return app.return_code or 0


def _draw_soon() -> None:
    """Have changes drawn within 5 ms, where Textual would let up to 16 pass.

    Textual only reads the rate from the environment, which programs must get unchanged.
    """
    import os

    given = "TEXTUAL_FPS" in os.environ
    os.environ.setdefault("TEXTUAL_FPS", "200")
    import textual.constants  # noqa: F401

    if not given:
        del os.environ["TEXTUAL_FPS"]
