"""On a Python that was not tested the reference records, and all else is the same."""

from __future__ import annotations

import sys

import pytest

from tests.probe.test_either import PROGRAMS, as_it_happened
from tests.support.accelerators import without_passes
from tests.support.faked_python import ALPHA, NEWER, faked
from tests.support.programs import Workbench

OLDER = pytest.mark.skipif(
    sys.version_info < (3, 14), reason="older ones end generators in other ways"
)


@pytest.fixture(scope="module", autouse=True, name="accelerator")
def on() -> None:
    """The accelerator is there to be used, and is not."""


@OLDER
@pytest.mark.parametrize("level", ["lines", "switches"])
@pytest.mark.parametrize("fake", [NEWER, ALPHA], ids=["3.16", "an alpha"])
@pytest.mark.parametrize("name", ["generators and greenlets", "threads"])
def test_it_is_recorded_as_without_the_accelerator(
    bench: Workbench, name: str, level: str, fake: str
) -> None:
    # There a loop on one line is one step: where the passes are is read from what is documented
    # nowhere.
    script = bench.script(without_passes(PROGRAMS[name]))
    path = faked(bench.folder / "faked", fake)
    with (
        bench.record(script, level=level, PYTHONPATH=path) as untested,
        bench.record(script, level=level, COROPLAY_ACCELERATOR="off") as reference,
    ):
        assert untested.meta.accelerator.value == "python"
        assert untested.meta.untested == untested.meta.accelerator_why_not != ""
        assert reference.meta.untested == ""
        assert as_it_happened(untested) == as_it_happened(reference)
