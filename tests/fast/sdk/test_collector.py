"""The garbage collector rests only while resources are registered, and never where it is switched off."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from mlplatform.fast.sdk import collector, fast_sdk, quiet_gc


def test_collector_is_quiet_inside_and_as_before_after() -> None:
    before = gc.get_threshold()
    with quiet_gc():
        with quiet_gc():
            assert gc.get_threshold()[0] == collector.YOUNG
        assert gc.get_threshold()[0] == collector.YOUNG
        assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"), quiet_gc():
        raise ValueError("inside")
    assert gc.get_threshold() == before


def test_collector_still_frees_cycles_of_a_huge_program() -> None:
    # one that also takes an older generation counts there alone
    collections = sum(generation["collections"] for generation in gc.get_stats())
    with quiet_gc():
        for _ in range(collector.YOUNG + 1000):
            cycle: list[object] = []
            cycle.append(cycle)
    assert sum(generation["collections"] for generation in gc.get_stats()) > collections


PACED = """
import gc
from mlplatform.fast.sdk import collector, quiet_gc
with quiet_gc():
    kept = [[] for _ in range(collector.YOUNG + 1000)]
    slower = gc.get_threshold()[0]
    for _ in range(collector.YOUNG * collector.FURTHER + 1000):
        cycle = []
        cycle.append(cycle)
    again = gc.get_threshold()[0]
print(slower == collector.YOUNG * collector.FURTHER, again == collector.YOUNG, collector._pace in gc.callbacks)
"""


def test_collector_waits_longer_while_it_finds_little_and_no_longer_when_it_finds_garbage() -> None:
    """In a process of its own: garbage and collectors of other tests would count too."""
    environment = {**os.environ, "MLPLATFORM_PLAIN": "0", "MLPLATFORM_PLAIN_SDK": "0"}
    ended = subprocess.run([sys.executable, "-c", PACED], capture_output=True, text=True, env=environment)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True True False\n", "")


def test_collector_can_stay_quiet_until_the_process_ends() -> None:
    program = "import gc; from mlplatform.fast.sdk import *; quiet_gc_until_exit(); print(gc.get_threshold()[0])"
    environment = {**os.environ, "MLPLATFORM_PLAIN": "0", "MLPLATFORM_PLAIN_SDK": "0"}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{collector.YOUNG}\n", "")


def test_collector_that_is_off_stays_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with quiet_gc():
            assert gc.get_threshold()[0] == 0
        assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize("variable", ["MLPLATFORM_PLAIN", "MLPLATFORM_PLAIN_SDK"])
def test_the_switch_leaves_everything_as_it_is(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    assert not fast_sdk(["pulumi_nothing"])
    before = gc.get_threshold()
    with quiet_gc():
        assert gc.get_threshold() == before
