"""The pictures that the README shows are those of the app as it is."""

from __future__ import annotations

import sys

import pytest

from screenshots.make import PICTURES, is_up_to_date


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="they hang on no version of Python")
@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_readme_is_up_to_date(name: str) -> None:
    assert is_up_to_date(name), f"draw it anew: python screenshots/make.py {name}"
