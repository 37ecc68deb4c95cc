"""Puts the lessons into the wheel and builds the accelerator, where there is a compiler for it.

Everything else about the build is in pyproject.toml.
"""

import shutil
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
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


ACCELERATOR = Extension(
    "coroplay.probe.native._accelerator",
    sources=sorted(map(str, Path("coroplay/probe/native").glob("*.c"))),
    depends=sorted(map(str, Path("coroplay/probe/native").glob("*.h"))),
    extra_compile_args=["-std=c11", "-O3", "-Wall", "-Wextra", "-fvisibility=hidden"],
    # Without it everything works, only slower: no compiler is no reason not to install.
    optional=True,
)

has_one_lock = not sysconfig.get_config_var("Py_GIL_DISABLED")
# As in coroplay/pythons.py.
has_known_internals = (3, 11) <= sys.version_info < (3, 16)

setup(
    cmdclass={"build_py": BuildWithLessons},
    ext_modules=[ACCELERATOR] if has_one_lock and has_known_internals else [],
)
