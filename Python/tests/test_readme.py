# SPDX-License-Identifier: Apache-2.0
"""The code in the README runs, and the examples in docstrings give the documented results."""

from __future__ import annotations

import doctest
import importlib
import pathlib
import re
from typing import Any, Dict

import pytest

import cross_entropy as ce
from cross_entropy import _log_loss, _losses, _pairwise, boosting

README = pathlib.Path(__file__).parent.parent / "README.md"


@pytest.mark.skipif(not README.exists(), reason="the tests are not beside the README")
def test_code_of_the_readme_runs(capsys: Any) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 3
    names: Dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    assert capsys.readouterr().out.startswith("0.32402")
    assert names["loss"] == pytest.approx(0.324022, rel=1e-5)


@pytest.mark.parametrize("module", [ce, _losses, _log_loss, _pairwise, boosting])
def test_examples_in_docstrings_hold(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0


def test_examples_of_tensors_hold() -> None:
    pytest.importorskip("torch")
    test_examples_in_docstrings_hold(importlib.import_module("cross_entropy.torch"))
