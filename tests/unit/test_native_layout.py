"""The facts that C and Python share are the same in both."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from coroplay.probe.files import windows
from coroplay.probe.inspect import fingerprints, values
from coroplay.trace import layout
from coroplay.trace.layout import SummaryStatus, Verb

NATIVE = Path(__file__).parents[2] / "coroplay/probe/native"
DEFINED = re.compile(r"^#define (\w+) (\S+)$", re.MULTILINE)
SIZES: Final = {
    "STEP_SIZE": layout.STEP.size,
    "DETAIL_SIZE": layout.DETAIL.size,
    "SUMMARY_ENTRY_SIZE": layout.SUMMARY_ENTRY.size,
    "LENGTH_SIZE": layout.LENGTH.size,
}
IN_C = {
    name: ast.literal_eval(text)
    for name, text in DEFINED.findall((NATIVE / "layout.h").read_text())
}


def in_python(name: str) -> object:
    if name in SIZES:
        return SIZES[name]
    for prefix, enumeration in (("VERB_", Verb), ("SUMMARY_STATUS_", SummaryStatus)):
        if name.startswith(prefix):
            return enumeration[name.removeprefix(prefix)].value
    for module in (layout, windows, values, fingerprints):
        for spelled in (name, f"_{name}"):
            if hasattr(module, spelled):
                return getattr(module, spelled)
    raise LookupError(f"nothing in Python is called {name}")


def test_layout_h_states_the_shared_facts() -> None:
    assert len(IN_C) > 20


@pytest.mark.parametrize("name", IN_C)
def test_a_fact_is_the_same_in_c_and_in_python(name: str) -> None:
    assert IN_C[name] == in_python(name)


def test_no_other_file_of_c_states_a_shared_fact() -> None:
    for path in NATIVE.glob("*.[ch]"):
        if path.name != "layout.h":
            assert not {name for name, _ in DEFINED.findall(path.read_text())} & set(IN_C), (
                path.name
            )
