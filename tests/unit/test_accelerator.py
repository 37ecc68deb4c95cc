"""The accelerator knows the internals of some Pythons, and keeps away from all others."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coroplay.probe.base import accelerator

ROOT = Path(__file__).parents[2]
STUB = ROOT / "coroplay/probe/native/_accelerator.pyi"
CHOICE = """
import sys
{fake}
from coroplay.probe.base import accelerator
print(accelerator.name, accelerator.why_not, "coroplay.probe.native._accelerator" in sys.modules)
"""
NEWER = "sys.version_info = type('V', (tuple,), dict(releaselevel={level!r}))({version})"


@pytest.mark.parametrize(
    ("fake", "reason"),
    [
        (
            NEWER.format(version=(3, 16, 0, "final", 0), level="final"),
            "it is for Python 3.11 to 3.15, and this is 3.16",
        ),
        (
            NEWER.format(version=(4, 0, 0, "alpha", 1), level="alpha"),
            "it is for Python 3.11 to 3.15, and this is 4.0",
        ),
        (
            NEWER.format(version=(3, 15, 0, "alpha", 1), level="alpha")
            + "; sys.version = '3.15.0a1'",
            "it is for releases of Python, and this is 3.15.0a1",
        ),
        (
            "sys.implementation.name = 'pypy'",
            "it is for CPython, and this is pypy",
        ),
    ],
    ids=["3.16", "4.0", "an alpha", "another implementation"],
)
def test_an_untested_python_does_without_the_accelerator(fake: str, reason: str) -> None:
    command = [sys.executable, "-c", CHOICE.format(fake=fake)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert said == f"python {reason} False\n"


def stub_members(tree: ast.Module | ast.ClassDef) -> dict[str, ast.stmt]:
    """The members that the stub has for the running version of Python."""
    found: dict[str, ast.stmt] = {}
    for one in tree.body:
        match one:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = one
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = one
            case ast.If(test=test, body=body, orelse=other):
                newer = eval(ast.unparse(test), {"sys": sys})
                found |= stub_members(ast.Module(body if newer else other, []))
            case _:
                pass
    return found


@pytest.mark.skipif(not accelerator.used, reason=f"none here: {accelerator.why_not}")
def test_the_stub_names_what_the_module_has_and_nothing_else() -> None:
    from coroplay.probe.native import _accelerator

    def public(thing: object) -> set[str]:
        return {name for name in vars(thing) if not name.startswith("_")}

    stub = stub_members(ast.parse(STUB.read_text()))
    assert {name for name in stub if not name.startswith("_")} == public(_accelerator)
    for name, member in stub.items():
        if isinstance(member, ast.ClassDef) and not name.startswith("_"):
            kind: Any = getattr(_accelerator, name)
            assert inspect.isclass(kind)
            own = {one for one in stub_members(member) if not one.startswith("_")}
            assert own == public(kind), name
