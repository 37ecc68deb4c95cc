"""The folders of the person's own code, as far as they follow from what is run, and from where."""

from __future__ import annotations

import os
import sys
from typing import Final, NamedTuple

from coroplay.probe.inspect.scope import ENVIRONMENT, libraries

_MARKS: Final = (".git", "pyproject.toml")
"""Names in the folder of a project."""


class OwnCode(NamedTuple):
    """The person's own code."""

    folders: tuple[str, ...]
    """Folders that are the person's own with all below, but for environments and libraries."""
    single: str = ""
    """A folder of which only the files themselves are; empty if there is none."""
    named: tuple[str, ...] = ()
    """Files and folders that the person has named as own."""
    not_own: tuple[str, ...] = ()
    """Files and folders that the person has named as not own."""


def of_script(path: str) -> OwnCode:
    """Return what is own in the run of a script.

    That of an installed program, such as pytest's, is nobody's own: the current folder is.
    """
    folder = os.path.dirname(os.path.abspath(path))
    if _is_for_commands(folder) or _is_for_commands(os.path.dirname(os.path.realpath(path))):
        return _around(os.getcwd())
    return _around(folder)


def of_module(file: str | None) -> OwnCode:
    """Return what is own in the run of a module, whose outermost package has that file."""
    if file is None:
        return _around(os.getcwd())
    folder = os.path.dirname(os.path.abspath(file))
    if _is_in_library(folder):
        return _around(os.getcwd())
    is_package = os.path.basename(file) == "__init__.py"
    found = _around(os.path.dirname(folder) if is_package else folder)
    return found._replace(folders=(folder, *found.folders)) if is_package else found


def _around(folder: str) -> OwnCode:
    """Return a folder with its project as own: never a home folder, nor the root of all.

    What has no sign of a project is taken for one of the current folder's, if it lies there.
    """
    if _is_too_large(folder):
        return OwnCode((), single=folder)
    if _is_in_library(folder):
        return OwnCode((folder,))  # As the lessons are that come with coroplay.
    found, at, here = folder, folder, os.getcwd()
    while not _is_too_large(at):
        if any(os.path.exists(os.path.join(at, mark)) for mark in _MARKS):
            return OwnCode((at,))
        found = at if at == here else found
        at = os.path.dirname(at)
    return OwnCode((found,))


def _is_too_large(folder: str) -> bool:
    return os.path.dirname(folder) == folder or os.path.realpath(folder) == os.path.realpath(
        os.path.expanduser("~")
    )


def _is_in_library(folder: str) -> bool:
    return any(os.path.join(folder, "").startswith(library) for library in libraries())


def _is_for_commands(folder: str) -> bool:
    """Tell whether a folder holds the commands of installed packages."""
    within = os.path.dirname(folder)
    is_environment = os.path.exists(os.path.join(within, ENVIRONMENT))
    return is_environment or folder == os.path.dirname(os.path.abspath(sys.executable))
