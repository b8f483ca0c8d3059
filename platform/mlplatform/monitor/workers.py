"""Several pods of one look: each counts some hours of the window, and the first one adds the counts and judges.

They are the pods of an indexed job, which tells each its number,
https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode. They meet in a folder of the store that
is named by the job's id, so that counts of another look are never taken for theirs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.monitor.served import ServedRows
from mlplatform.monitor.summary import RowSummary, load_summary

INDEX, RUN, JOB_NAME = "JOB_COMPLETION_INDEX", "MLPLATFORM_MONITOR_RUN", "MLPLATFORM_MONITOR_JOB_NAME"
"""Variables of a pod: its number, which Kubernetes sets, and the id and the name of its job."""

PAUSE_SECONDS = 10
"""Seconds from one look for the counts of the others to the next."""

_MOMENT = re.compile(r"-(\d{8,9})$")
_LATE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the pods of a look."""

    index: int = 0
    """Its number, from 0."""

    workers: int = 1
    """How many there are."""

    run: str = ""
    """Id of their job."""

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many it counts."""
        return self.index + 1, self.workers


def worker_of(workers: int, environment: Mapping[str, str]) -> Worker:
    """Which of the workers this process is.

    Args:
        workers: how many there are.
        environment: of the process.

    Raises:
        Unreadable: there are several, and nobody says which one it is.
    """
    if workers == 1:
        return Worker()
    index, run = environment.get(INDEX, ""), environment.get(RUN, "")
    if not run or not index.isdecimal() or int(index) >= workers:
        raise Unreadable(f"{INDEX}, {RUN}: expected the number of one of {workers} workers and the id of their job")
    return Worker(int(index), workers, run)


def planned_moment(environment: Mapping[str, str], now: datetime) -> datetime:
    """When this look was to start: a CronJob names its jobs by the minute, so that pods that start late, or on both
    sides of a full hour, look at one window. The present time where the name does not say.

    Args:
        environment: of the process.
        now: the present time.
    """
    found = _MOMENT.search(environment.get(JOB_NAME, ""))
    moment = datetime.fromtimestamp(int(found[1]) * 60, UTC) if found else now
    return moment if now - _LATE <= moment <= now else now


class Meeting:
    """Where the workers of a look put their counts.

    Args:
        place: a folder of this look alone.
        worker: who this is.
    """

    def __init__(self, place: MonitorPlace, worker: Worker) -> None:
        self._place, self._worker = place, worker

    def was_here(self) -> bool:
        """Whether a pod of this number has counted before: one that was taken off its node is started again, and a
        store may refuse to write an object twice."""
        return self._place.text(self._name(self._worker.index)) is not None

    def bring(self, counts: RowSummary, served: ServedRows | None) -> None:
        """Write the counts, after the sample of served rows, so that who sees the counts finds both."""
        if served is not None:
            self._place.write(self._name(self._worker.index, "served"), served.dump())
        self._place.write(self._name(self._worker.index), counts.dump())

    def others(self, served: ServedRows | None, seconds: float) -> Iterator[RowSummary]:
        """The counts of the others, as they come; their samples are added to this one.

        Args:
            served: the sample of this worker. None: served rows are not compared.
            seconds: how long to wait.

        Raises:
            Unreadable: counts did not come, or cannot be read.
        """
        missing = dict.fromkeys(range(1, self._worker.workers))
        end = time.monotonic() + seconds
        while missing:
            for index in list(missing):
                text = self._place.text(self._name(index))
                if text is None:
                    continue
                del missing[index]
                sample = self._place.text(self._name(index, "served")) if served is not None else None
                if served is not None and sample is not None:
                    served.merge(sample)
                yield load_summary(text)
            if missing and time.monotonic() > end:
                parts = ", ".join(str(index + 1) for index in missing)
                raise Unreadable(f"{self._place.address}: of {self._worker.workers} parts {parts} did not come")
            if missing:
                time.sleep(PAUSE_SECONDS)

    def _name(self, index: int, what: str = "counts") -> str:
        return f"{what}-{index + 1}-of-{self._worker.workers}.json"
