"""Makes a fault happen in the mock cloud, and to the engine where it is about the engine."""

from __future__ import annotations

import os
import signal
import subprocess
import threading

from mlplatform.mock_cloud import CloudRefused, Held
from mlplatform.mock_cloud.faults import AnswerLost, TookTooLong
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.serve.retry import ATTEMPTS
from mlplatform.rehearse.fault import Fault

_TIMES = {"throttled": 3, "throttled out": ATTEMPTS}
_SIGNALS = {"interrupted": signal.SIGINT, "killed before": signal.SIGKILL, "killed after": signal.SIGKILL}
_PATIENCE = 60.0
"""Seconds that an operation waits for the engine's end; a bound for tests that fail."""


class Injection:
    """Faults of a cloud that can be set one at a time; without one, nothing goes wrong."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._left = 0
        self._reached = threading.Event()
        self._go_on = threading.Event()

    def set(self, fault: Fault | None) -> None:
        """Let this go wrong next, or nothing."""
        self._fault = fault
        self._left = _TIMES.get(fault.kind, 1) if fault else 0
        self._reached.clear()
        self._go_on.clear()

    @property
    def happened(self) -> bool:
        """Whether it went wrong."""
        return self._fault is not None and self._left < _TIMES.get(self._fault.kind, 1)

    def watch(self, process: subprocess.Popen[bytes]) -> bool:
        """Send the engine its signal once the operation has begun; True once there is nothing more to watch for."""
        if self._fault is None or self._fault.kind not in _SIGNALS:
            return True
        if not self._reached.is_set():
            return False
        os.kill(process.pid, _SIGNALS[self._fault.kind])
        if self._fault.kind != "interrupted":
            process.wait()
        self._go_on.set()
        return True

    def before(self, op: str, token: str, name: str) -> None:
        """See mlplatform.mock_cloud.faults.Faults."""
        fault = self._due(op, token, name)
        if fault is None:
            return
        match fault.kind:
            case "refused":
                self._left -= 1
                raise CloudRefused("ServiceUnavailable", "The service cannot do this now. Try again later.")
            case "throttled" | "throttled out":
                self._left -= 1
                raise word_refusal(rules_of(token).throttled, token, name, name, retryable=True)
            case "killed before":
                self._left -= 1
                self._hold()
                raise CloudRefused("ConnectionReset", "The caller went away.")
            case "interrupted":
                self._left -= 1
                self._hold()
            case _:
                pass

    def after(self, op: str, held: Held) -> None:
        """See mlplatform.mock_cloud.faults.Faults."""
        fault = self._due(op, held.token, held.name)
        if fault is None:
            return
        match fault.kind:
            case "answer lost":
                self._left -= 1
                raise AnswerLost
            case "timed out":
                self._left -= 1
                raise TookTooLong(held)
            case "killed after":
                self._left -= 1
                self._hold()
            case _:
                pass

    def _due(self, op: str, token: str, name: str) -> Fault | None:
        fault = self._fault
        if fault is None or not self._left or (fault.op, fault.token, fault.name) != (op, token, name):
            return None
        return fault

    def _hold(self) -> None:
        self._reached.set()
        self._go_on.wait(_PATIENCE)
