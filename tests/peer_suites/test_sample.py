"""A few quick modules of greenlet's and gevent's own tests; `make peer-suites` runs them all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.peer_suites.comparing import Comparison, Explanation, compare, explanations
from tests.peer_suites.suites import Module, modules
from tests.peer_suites.verdicts import LEVELS, PLAIN, run

LIMIT_S = 50
SAMPLE = {
    "greenlet.test_throw",
    "greenlet.test_tracing",
    "greenlet.test_weakref",
    "gevent.test__GreenletExit",
    "gevent.test__issue639",
    "gevent.test__iwait",
    "gevent.test__threading_vs_settrace",
}
MODULES = {
    str(module): module
    for suite in ("greenlet", "gevent")
    for module in modules(suite)
    if str(module) in SAMPLE
}


@pytest.mark.parametrize("name", sorted(SAMPLE))
def test_a_module_comes_to_the_same_watched_as_plainly(name: str) -> None:
    found = compare(MODULES[name], LEVELS, LIMIT_S)
    assert found.unexplained(explanations()) == []
    assert found.silent == []


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A module of tests that can tell that it is watched."""
    path = Path(tmp_path_factory.mktemp("peer"), "notices.py")
    path.write_text(
        "import os, unittest\n"
        "class Tests(unittest.TestCase):\n"
        "    def test_a(self): self.assertNotIn('COROPLAY_RUN', os.environ)\n"
        "    def test_b(self): self.skipTest('never')\n"
        "unittest.main()\n"
    )
    return compare(Module("made", "notices", (os.fspath(path),)), ["switches"], LIMIT_S)


def test_failures_are_found_where_a_person_asks_for_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    path = tmp_path / "fails.py"
    path.write_text(
        "import unittest\n"
        "class Tests(unittest.TestCase):\n"
        "    def test_a(self): self.fail()\n"
        "    def test_b(self): self.skipTest('never')\n"
        "unittest.main()\n"
    )
    done = run(Module("made", "fails", (os.fspath(path),)), PLAIN, LIMIT_S)
    assert str(done.verdict) == "exit 1 2/1/1"
    assert done.verdict.failed == ("test_a (__main__.Tests.test_a)",)


def test_a_difference_is_told(notices: Comparison) -> None:
    verdicts = {level: str(done.verdict) for level, done in notices.runs.items()}
    assert verdicts == {"plain": "ok 2/0/1", "switches": "exit 1 2/1/1"}
    assert notices.unexplained([]) == ["switches"]


@pytest.mark.parametrize(
    ("module", "test", "levels", "left"),
    [
        ("made.notices", "test_a (__main__.Tests.test_a)", ("switches", "lines"), []),
        ("made.notices", "test_a (__main__.Tests.test_a)", ("lines",), ["switches"]),
        ("made.notices", "test_b (__main__.Tests.test_b)", ("switches",), ["switches"]),
        ("made.other", "test_a (__main__.Tests.test_a)", ("switches",), ["switches"]),
    ],
)
def test_only_the_very_difference_is_explained(
    notices: Comparison, module: str, test: str, levels: tuple[str, ...], left: list[str]
) -> None:
    known = Explanation(module, (test,), levels, "a reason", "README.md")
    assert notices.unexplained([known]) == left


def test_every_explanation_is_of_a_module_and_told_to_people() -> None:
    known = {str(module) for suite in ("greenlet", "gevent") for module in modules(suite)}
    for one in explanations():
        assert one.module in known
        assert one.reason
        assert one.tests
        assert set(one.levels) <= set(LEVELS)
        assert one.told
