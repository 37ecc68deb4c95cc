"""The container of the output's views, with the styles for widgets after the first frame."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical


class Views(Vertical):
    """The views, below each other."""

    # Not in the screen's stylesheet: the first frame would wait until these have been read, too.
    SCOPED_CSS: ClassVar[bool] = False
    DEFAULT_CSS = """
    OutputPane {
        #views { height: 1fr; }
        #totals { display: none; height: auto; padding: 0 1; }
        #totals { color: $text-accent; text-style: bold; }
        #totals.-failed { color: $text-error; }
        #search-row { display: none; height: 1; margin: 0 1; }
        #search { width: 1fr; min-width: 12; }
        #matches { width: auto; padding: 0 0 0 1; color: $text-muted; }
        #input-row { display: none; height: 1; background: $surface; }
        #input-row .label { width: 8; color: $text-accent; text-style: bold; }
        #input-line { width: 1fr; background: $surface; }

        &.-empty #views { display: none; }
        &.-searching #search-row { display: block; layout: horizontal; }
        &.-input #input-row { display: block; layout: horizontal; }
        OutputView { height: 1fr; }
        &.-several OutputView {
            border: none;
            border-top: solid $border-blurred;
            border-title-color: $text-muted;
            &.-current { border-top: solid $primary; border-title-color: $primary; }
        }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="views")
