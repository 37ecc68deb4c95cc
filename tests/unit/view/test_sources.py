"""The source files of a recording: clean lines, or a sentence why there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace.view import Sources


def test_a_file_that_is_gone_gives_a_sentence(tmp_path: Path) -> None:
    source = Sources().source(str(tmp_path / "gone\x1b[31m.py"))
    assert source.lines == ()
    assert source.problem is not None
    assert source.problem.startswith("The source of gone␛[31m.py can't be shown: ")


@pytest.mark.parametrize("file", ["/dev/zero", "/", "a\0b"])
def test_what_is_no_source_file_gives_a_sentence(file: str) -> None:
    source = Sources().source(file)
    assert source.lines == ()
    assert source.problem is not None


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert "larger than" in (Sources().source(str(path)).problem or "")


def test_source_lines_are_clean_and_as_many_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(b"a = 1\r\n\tb\x0cc\n# \x1b]0;gone\x07 \xff\n")
    lines = Sources().source(str(path)).lines
    assert lines == ("a = 1", "    b␌c", "# ␛]0;gone␇ \N{REPLACEMENT CHARACTER}")


def test_the_lines_of_a_function_are_found(tmp_path: Path) -> None:
    path = tmp_path / "nested.py"
    path.write_text(
        "class A:\n"
        "    def go(self):\n"
        "        return 1\n"
        "\n"
        "    def stay(\n"
        "        self,\n"
        "    ):\n"
        "        return 2\n"
        "\n"
        "class B:\n"
        "    def go(self):\n"
        "        return 3\n"
        "x = 1\n"
    )
    source = Sources().source(str(path))
    assert source.function("go") == range(2, 4)
    assert source.function("go", 12) == range(11, 13)
    assert source.function("stay") == range(5, 9)
    assert not source.function("<module>")
    assert not source.function("missing")
