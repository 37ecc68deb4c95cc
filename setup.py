"""Puts the lessons into the wheel; everything else about the build is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithLessons(build_py):
    """Copies demos/ to coroplay/demos/; an editable install reads demos/ where it is."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "coroplay", "demos")
        # build/ may be an old one: a lesson removed since then must not come back.
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(
            "demos", target, ignore=shutil.ignore_patterns("__pycache__", "*.py[co]", ".*")
        )


setup(cmdclass={"build_py": BuildWithLessons})
