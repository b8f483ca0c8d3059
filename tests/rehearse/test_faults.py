"""Faults are chosen by a seed and happen once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.mock_cloud.faults import AnswerLost
from mlplatform.providers.accounts import Account
from mlplatform.rehearse.faults import KINDS, FaultInjection, InjectedFault, choose_faults

TOPIC = "aws:sns/topic:Topic"


def test_a_seed_chooses_every_kind_in_turn() -> None:
    candidates = {"create": [("t", "a"), ("t", "b")], "update": [("t", "a")], "delete": [("t", "b")]}
    first = choose_faults(len(KINDS), 7, candidates)
    assert {(fault.op, fault.kind) for fault in first} == set(KINDS)
    assert choose_faults(len(KINDS), 7, candidates) == first
    assert choose_faults(len(KINDS), 8, candidates) != first
    assert len(choose_faults(40, 7, candidates)) == 40
    assert choose_faults(3, 7, {}) == ()


def test_a_fault_happens_once_to_its_own_resource() -> None:
    injection = FaultInjection()
    cloud = Cloud(Account.sample("aws"), injection)
    injection.set(InjectedFault("create", "refused", TOPIC, "alarms"))
    cloud.create(TOPIC, "other", {"name": "other"})
    assert not injection.happened
    with pytest.raises(CloudRefused):
        cloud.create(TOPIC, "alarms", {"name": "alarms"})
    assert injection.happened
    cloud.create(TOPIC, "alarms", {"name": "alarms"})
    injection.set(InjectedFault("create", "answer lost", TOPIC, "lost"))
    with pytest.raises(AnswerLost):
        cloud.create(TOPIC, "lost", {"name": "lost"})
    assert [held.name for held in cloud.contents()] == ["alarms", "lost", "other"]


@pytest.mark.parametrize(("kind", "number"), [("interrupted", signal.SIGINT), ("killed after", signal.SIGKILL)])
def test_the_engine_gets_its_signal_during_the_operation(kind: str, number: int) -> None:
    injection = FaultInjection()
    cloud = Cloud(Account.sample("aws"), injection)
    injection.set(InjectedFault("create", kind, TOPIC, "alarms"))  # type: ignore[arg-type]
    code = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        making = threading.Thread(target=cloud.create, args=(TOPIC, "alarms", {"name": "alarms"}))
        making.start()
        while not injection.watch(process):
            os.sched_yield()
        making.join(10)
        assert process.wait(10) == -number
    assert [held.name for held in cloud.contents()] == ["alarms"]
