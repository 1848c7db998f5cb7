# SPDX-License-Identifier: Apache-2.0
"""Builds wheels for one platform and every Python 3: the library that they contain does not depend on Python."""

import pathlib
from typing import Tuple

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel

LIBRARY = pathlib.Path(__file__).with_name("src") / "cross_entropy" / "libcross_entropy.so.1"


class LibraryDistribution(Distribution):
    def has_ext_modules(self) -> bool:
        """Install the package into the platform-specific folder, like a package with extension modules."""
        return True


class LibraryWheel(bdist_wheel):
    def get_tag(self) -> Tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]

    def run(self) -> None:
        if not LIBRARY.exists():
            raise SystemExit(f"{LIBRARY} does not exist, expected the C library that the wheel is to contain")
        super().run()


setup(distclass=LibraryDistribution, cmdclass={"bdist_wheel": LibraryWheel})
