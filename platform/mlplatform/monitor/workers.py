"""Several workers of one look: each counts some hours of the window, and the first one adds the counts and judges.

They meet in a folder of the store that is named by what started them together and by the window, so that counts of
another look are never taken for theirs. Who tells them their numbers:

- in a cluster the indexed job, https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
- Cloud Run, https://docs.cloud.google.com/run/docs/container-contract#jobs-env-vars (2026-11)
- on AWS the schedule of each worker, by a variable; `aws.scheduler.scheduled-time` is one for all of them,
  https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html (2026-11)
- nobody in Container Apps, which names the execution alone: there each writes its name, and waits for the others',
  https://learn.microsoft.com/azure/container-apps/environment-variables#built-in-environment-variables (2026-11)
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.monitor.served import ServedRows
from mlplatform.monitor.summary import RowSummary, load_summary
from mlplatform.spec.monitor_job import RUN_VARIABLE, WORKER_VARIABLE

INDEXES = ("JOB_COMPLETION_INDEX", "CLOUD_RUN_TASK_INDEX", WORKER_VARIABLE)
"""Variables with the number of a worker, from 0."""

EXECUTION = "CONTAINER_APP_JOB_EXECUTION_NAME"
"""Variable of Container Apps with the name of what runs, one for all of its replicas."""

RUNS = (RUN_VARIABLE, "CLOUD_RUN_EXECUTION", EXECUTION)
"""Variables with what all workers of a look have in common, and no other look."""

JOB_NAME = "MLPLATFORM_MONITOR_JOB_NAME"
"""Variable of a pod with the name of its job."""

PAUSE_SECONDS = 10
"""Seconds from one look for the counts of the others to the next."""

_MOMENT = re.compile(r"-(\d{8,9})$")
_NO_NAME = re.compile(r"[^A-Za-z0-9-]")
_LATE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the workers of a look."""

    index: int = 0
    """Its number, from 0."""

    workers: int = 1
    """How many there are."""

    run: str = ""
    """What started them together."""

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many it counts."""
        return self.index + 1, self.workers


def worker_of(workers: int, environment: Mapping[str, str], reports: str, seconds: float) -> Worker:
    """Which of the workers this process is.

    Args:
        workers: how many there are.
        environment: of the process.
        reports: address of the folder of reports, where workers meet that have no numbers.
        seconds: how long to wait for them.

    Raises:
        Unreadable: there are several, and nobody says which one it is.
    """
    if workers == 1:
        return Worker()
    index, run = (next((environment[name] for name in names if environment.get(name)), "") for names in (INDEXES, RUNS))
    run = _NO_NAME.sub("", run)
    if run and not index and environment.get(EXECUTION):
        return Worker(_rank(MonitorPlace(f"{reports}/parts/{run}-workers"), workers, seconds), workers, run)
    if not run or not index.isdecimal() or int(index) >= workers:
        raise Unreadable(
            f"{', '.join((*INDEXES, *RUNS))}: expected the number of one of {workers} workers and what started them"
        )
    return Worker(int(index), workers, run)


def _rank(place: MonitorPlace, workers: int, seconds: float) -> int:
    """The place of this worker's name among those of all. Whatever becomes of a worker, the counts are right or do not
    come: each number counts its own hours into a file of its own."""
    name = f"{uuid4().hex}.txt"
    place.write(name, "\n")
    end = time.monotonic() + seconds
    while len(names := [each.rpartition("/")[2] for each in place.files(".txt")]) < workers:
        if time.monotonic() > end:
            raise Unreadable(f"{place.address}: of {workers} workers {len(names)} came")
        time.sleep(PAUSE_SECONDS)
    if len(names) > workers:
        raise Unreadable(
            f"{place.address}: {len(names)} workers came, and {workers} are expected: one was started again"
        )
    return names.index(name)


def planned_moment(environment: Mapping[str, str], now: datetime) -> datetime:
    """When this look was to start: a CronJob names its jobs by the minute, and EventBridge tells its time. So workers
    that start late, or on both sides of a full hour, look at one window. The present time where nobody says.

    Args:
        environment: of the process.
        now: the present time.
    """
    found = _MOMENT.search(environment.get(JOB_NAME, ""))
    moment = (
        datetime.fromtimestamp(int(found[1]) * 60, UTC) if found else _told(environment.get(RUN_VARIABLE, "")) or now
    )
    return moment if now - _LATE <= moment <= now else now


def _told(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Meeting:
    """Where the workers of a look put their counts.

    Args:
        place: a folder of this look alone.
        worker: who this is.
    """

    def __init__(self, place: MonitorPlace, worker: Worker) -> None:
        self._place, self._worker = place, worker

    def was_here(self) -> bool:
        """Whether a worker of this number has counted before: one that was taken off its node is started again, a
        schedule may start one twice, and a store may refuse to write an object twice."""
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
