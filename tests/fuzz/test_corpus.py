"""Every kind of damage that the fuzzer found a new way with: a sentence, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import BLOW, damaged
from tests.support.every_reader import faults
from tests.support.writing import Written, busy, small

CORPUS = sorted(Path(__file__).with_name("corpus").iterdir())


@pytest.mark.parametrize("made", [small, busy])
def test_a_whole_one_is_fine(tmp_path: Path, made: Callable[[], Written]) -> None:
    assert faults(made().save(tmp_path)) == []


@pytest.mark.parametrize("part", range(8))
def test_what_the_fuzzer_found(tmp_path: Path, part: int) -> None:
    assert len(CORPUS) > 8
    for number, found in enumerate(CORPUS[part::8]):
        said = faults(damaged(found.read_bytes(), tmp_path / str(number)))
        assert all(sentence and "\n" not in sentence for sentence in said), found.name


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    base=st.sampled_from([b"\0", b"\xff"]),
    blows=st.lists(st.binary(min_size=BLOW.size, max_size=BLOW.size), max_size=6),
)
def test_any_damage(tmp_path: Path, base: bytes, blows: list[bytes]) -> None:
    said = faults(damaged(base + b"".join(blows), tmp_path))
    assert all(sentence and "\n" not in sentence for sentence in said)
