"""Programs that are run plainly and watched, and must come to the same."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping

from coroplay.probe.base import accelerator
from coroplay.trace import Recording
from tests.support.programs import Result, Workbench


class Comparing:
    """Runs programs by name in one folder; plainly, each is run once."""

    def __init__(
        self,
        bench: Workbench,
        programs: Mapping[str, str | bytes],
        *arguments: str,
        stdin: bytes = b"",
    ) -> None:
        self._bench = bench
        self._programs = programs
        self._arguments = arguments
        self._stdin = stdin
        self._plainly = functools.cache(self._run_plainly)

    def check(self, name: str, level: str) -> None:
        """Watched, a program does what it does plainly, and is recorded to its end."""
        script, expected = self._plainly(name)
        record = self._bench.new_record()
        result = self._bench.watched(
            record, script, *self._arguments, level=level, stdin=self._stdin
        )
        result, expected = result.masked(), expected.masked()
        if os.environ[accelerator.VARIABLE] == "off":
            result, expected = result.but_for_the_reference(), expected.but_for_the_reference()
        assert result == expected
        with Recording(record) as recording:
            assert recording.notes.silent_why == ""

    def _run_plainly(self, name: str) -> tuple[str, Result]:
        script = self._bench.script(self._programs[name], f"{name.replace(' ', '_')}.py")
        return script, self._bench.plain(script, *self._arguments, stdin=self._stdin)
