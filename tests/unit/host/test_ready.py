"""Waiting for files, of whatever number."""

from __future__ import annotations

import fcntl
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from coroplay.host.ready import ready

BEYOND_SELECT = 1024


@pytest.fixture(params=[0, BEYOND_SELECT], ids=["small numbers", "large numbers"])
def ends(request: pytest.FixtureRequest) -> Iterator[list[int]]:
    """The two ends of a connection, at descriptors from that number on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, BEYOND_SELECT + 100), hard))
    near, far = socket.socketpair()
    with near, far:
        placed = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, request.param) for end in (near, far)]
    yield placed
    for end in placed:
        os.close(end)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_descriptor_with_data_is_readable(ends: list[int]) -> None:
    near, far = ends
    os.write(far, b"came")
    assert ready([near, far]) == ([near], [])


def test_a_descriptor_with_room_is_writable(ends: list[int]) -> None:
    near, far = ends
    assert ready([near, far], [far]) == ([], [far])


def test_a_descriptor_may_be_waited_for_in_both_directions(ends: list[int]) -> None:
    near, far = ends
    os.write(far, b"came")
    assert ready([near], [near]) == ([near], [near])


def test_waiting_ends_when_time_is_up(ends: list[int]) -> None:
    assert ready(ends, seconds=0.01) == ([], [])


def test_a_regular_file_can_always_be_read(tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b"given")
    with (tmp_path / "input").open("rb") as file:
        assert ready([file.fileno()]) == ([file.fileno()], [])
