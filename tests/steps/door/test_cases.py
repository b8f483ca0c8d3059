"""The table of cases, played in memory; each cloud's stage plays it too."""

from __future__ import annotations

import pytest

from .cases import CASES
from .memory import MemoryStage


@pytest.mark.parametrize("name", CASES)
def test_the_door(name: str) -> None:
    CASES[name](MemoryStage())
