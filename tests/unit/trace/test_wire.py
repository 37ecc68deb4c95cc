"""The control channel's messages, as they go over the socket."""

from __future__ import annotations

import pytest

from coroplay.trace import layout, wire


def test_a_message_is_one_line() -> None:
    message = {"do": "until", "file": "/a b/é\n.py", "line": 3}
    line = wire.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert wire.decode(line) == message


@pytest.mark.parametrize("line", [b"", b"x\n", b"[1]\n", b'"a"\n', b"3\n", b"null\n", b"\xff\n"])
def test_what_is_no_message_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.decode(line)


def test_headers_are_of_one_size_and_tell_tables_apart() -> None:
    tables = (
        layout.STEPS,
        layout.DETAILS,
        layout.COROUTINES,
        layout.LOCATIONS,
        layout.MARKS,
        layout.TEXTS,
    )
    headers = {layout.header(table) for table in tables}
    assert len(headers) == len(tables)
    assert {len(header) for header in headers} == {layout.HEADER_SIZE}
    assert layout.NOTES_OFFSET + layout.NOTES.size + layout.NOTES_REASON_SIZE == layout.HEADER_SIZE
