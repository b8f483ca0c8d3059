"""What several tests of the monitor need."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_job import Watched


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Watched:
    """A monitor with its document, and nothing captured yet."""
    return Watched(tmp_path, monkeypatch, capsys)
