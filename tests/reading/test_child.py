"""A task in a fork has nothing of the process that it came from but its values."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

from mlplatform.reading.child import run_apart


class _Waits:
    """Finalized by a process that has not its threads, it would wait for ever, as channels of gRPC did."""

    def __init__(self, told: Path) -> None:
        self.self, self.own, self.told = self, os.getpid(), told

    def __del__(self) -> None:
        if os.getpid() != self.own:
            self.told.write_text("finalized in the fork", encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the task runs in a new interpreter")
def test_garbage_of_the_former_process_is_not_finalized(tmp_path: Path) -> None:
    told = tmp_path / "told"

    def task() -> bytes:
        gc.collect()
        return b"done"

    gc.disable()
    try:
        # nobody has it any more, and only the collector finds it
        _Waits(told)
        assert run_apart(task, lambda _: [], b"") == b"done"
    finally:
        gc.enable()
    assert not told.exists()
