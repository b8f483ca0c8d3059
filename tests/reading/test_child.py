"""A task in a fork has nothing of the process that it came from but its values."""

from __future__ import annotations

import gc
import os
import sys
import time
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
        assert run_apart(task, lambda _: [], b"", bytes) == b"done"
    finally:
        gc.enable()
    assert not told.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process at a time")
def test_the_process_works_while_its_fork_does(tmp_path: Path) -> None:
    asked, answered = tmp_path / "asked", tmp_path / "answered"

    def wait_for(file: Path) -> None:
        until = time.monotonic() + 30
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert file.exists()

    def task() -> bytes:
        asked.touch()
        wait_for(answered)
        return b"done"

    def meanwhile() -> None:
        wait_for(asked)
        answered.touch()

    assert run_apart(task, lambda _: [], b"", bytes.decode, meanwhile) == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process at a time")
@pytest.mark.parametrize("where", ["meanwhile", "take"])
def test_a_fork_ends_where_the_process_fails(tmp_path: Path, where: str) -> None:
    told = tmp_path / "told"

    def task() -> bytes:
        told.write_text(str(os.getpid()), encoding="utf-8")
        if where == "meanwhile":
            time.sleep(60)
        return b"done"

    def fail(*_: object) -> None:
        until = time.monotonic() + 30
        while not (told.exists() and told.read_text("utf-8")) and time.monotonic() < until:
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_apart(task, lambda _: [], b"", *((bytes, fail) if where == "meanwhile" else (fail, None)))
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text("utf-8")), 0)
