"""`mlplatform-step job`: a step of several nodes, of spot machines or of a large disk on Vertex AI.

It sends a custom job, waits until the job has ended, and ends as the job did. The job acts as the run does: with its
account, its key, its way into the network and its labels.
"""

from __future__ import annotations

import hashlib
import re
import signal
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import cast
from urllib.parse import quote, urlencode

from mlplatform.services.gcp_api import GoogleApi, GoogleRefused
from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.job_options import NodesJob

_RUN = re.compile(r"(projects/[^/]+/locations/([a-z0-9-]+))/pipelineJobs/([a-z][a-z0-9-]{0,126})")
_LONGEST_NAME = 128
"""Characters of a name that is shown,
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.customJobs (2026-11)"""
_LEAST_DISK = 100
"""Smallest boot disk of a custom job, GB: https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/DiskSpec"""
_SPARE_SECONDS = 600
"""The nodes end their programs by themselves; this long after, the service ends the job."""
_LOOK_SECONDS = 30.0
_LOST_LOOKS = 20
"""Looks in a row without an answer after which nobody waits any longer."""
_ENDED = {
    "JOB_STATE_SUCCEEDED",
    "JOB_STATE_FAILED",
    "JOB_STATE_CANCELLED",
    "JOB_STATE_EXPIRED",
    "JOB_STATE_PARTIALLY_SUCCEEDED",
}
_OWN_FOLDERS = "/tmp/mlplatform-outputs"


class JobFailed(RuntimeError):
    """The job did not succeed, in a sentence."""


class Stopped(Exception):
    """Somebody stopped the step."""


def run_job(
    job: NodesJob,
    api: GoogleApi | None = None,
    sleep: Callable[[float], None] = time.sleep,
    say: Callable[[str], None] = print,
) -> None:
    """Send a job, or find the one that a former attempt sent and that still runs, and wait for its end.

    Args:
        job: what is sent.
        api: Google's services. Omitted: as the container's own account.
        sleep: waits between two looks.
        say: where lines of the log go.

    Raises:
        BadInput: the run has no such name.
        JobFailed: the job did not succeed.
        Stopped: the step was told to end; the job is cancelled.
        OSError: a request was refused.
    """
    match = _RUN.fullmatch(job.run)
    if match is None:
        raise BadInput(f"--run: got {job.run!r}, expected projects/P/locations/R/pipelineJobs/RUN")
    services = api or GoogleApi()
    parent, host = match[1], f"https://{match[2]}-aiplatform.googleapis.com/v1/"
    name = _shown_name(match[3], job.task)
    with _told_to_end():
        sent = _going(services, f"{host}{parent}", name)
        if sent is None:
            run = services.call("GET", f"{host}{job.run}").json()
            sent = str(services.call("POST", f"{host}{parent}/customJobs", body_of(job, name, run)).json()["name"])
        say(f"{job.task}: {job.nodes} x {job.machine}, {sent}")
        try:
            _wait(services, f"{host}{sent}", job.task, sleep, say)
        except (Stopped, GoogleRefused):
            # nobody waits any more: nothing may go on that costs money
            services.call("POST", f"{host}{sent}:cancel", {}, allowed=(400, 404))
            raise


def body_of(job: NodesJob, name: str, run: Mapping[str, object]) -> dict[str, object]:
    """The body of the request: what runs, with what the run itself has.

    Args:
        job: the job.
        name: the name that is shown.
        run: the run, as the service answers it.
    """
    machine: dict[str, object] = {"machineType": job.machine}
    if job.accelerator:
        machine |= {"acceleratorType": job.accelerator[0], "acceleratorCount": job.accelerator[1]}

    def pool(count: int, command: Sequence[str]) -> dict[str, object]:
        return {
            "machineSpec": machine,
            "replicaCount": str(count),
            "diskSpec": {"bootDiskSizeGb": max(job.disk_gib, _LEAST_DISK)},
            "containerSpec": {"imageUri": job.image, "command": list(command[:3]), "args": list(command[3:])},
        }

    # the files of the first node are the step's; those of the others stay on their disks
    others = [_with_own_folders(word, job.outputs) for word in job.command]
    spec: dict[str, object] = {
        "workerPoolSpecs": [pool(1, job.command), *([pool(job.nodes - 1, others)] if job.nodes > 1 else [])],
        "scheduling": {
            "timeout": f"{job.minutes * 60 + _SPARE_SECONDS}s",
            # nodes that wait for each other cannot go on without the one that was lost
            "restartJobOnWorkerRestart": job.nodes > 1,
            "strategy": "SPOT" if job.spot else "STANDARD",
        },
        **{field: run[field] for field in ("serviceAccount", "pscInterfaceConfig") if run.get(field)},
    }
    labels = cast("Mapping[str, str]", run.get("labels") or {})
    return {
        "displayName": name,
        "jobSpec": spec,
        # the service's own labels are its own
        "labels": {key: value for key, value in labels.items() if not key.startswith("vertex-ai-")},
        **({"encryptionSpec": run["encryptionSpec"]} if run.get("encryptionSpec") else {}),
    }


def _shown_name(run: str, task: str) -> str:
    """A name that no other step of any run has."""
    name = f"{run}-{task}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{name[: _LONGEST_NAME - len(digest) - 1]}-{digest}"


def _with_own_folders(word: str, outputs: Mapping[str, str]) -> str:
    # the longest first: one folder's name may begin another's
    for name, folder in sorted(outputs.items(), key=lambda each: -len(each[1])):
        word = word.replace(folder, f"{_OWN_FOLDERS}/{name}")
    return word


def _going(services: GoogleApi, parent: str, name: str) -> str | None:
    """The job of that name that has not ended."""
    asked = urlencode({"filter": f'display_name="{name}"', "pageSize": "100"}, quote_via=quote)
    found = cast(
        "list[dict[str, str]]", services.call("GET", f"{parent}/customJobs?{asked}").json().get("customJobs", [])
    )
    ended = {*_ENDED, "JOB_STATE_CANCELLING"}
    return next((each["name"] for each in found if each.get("state") not in ended), None)


def _wait(services: GoogleApi, url: str, task: str, sleep: Callable[[float], None], say: Callable[[str], None]) -> None:
    state, lost = "", 0
    while True:
        try:
            seen, lost = services.call("GET", url).json(), 0
        except GoogleRefused:
            lost += 1
            if lost == _LOST_LOOKS:
                raise
            sleep(_LOOK_SECONDS)
            continue
        if (now := str(seen.get("state", ""))) != state:
            state = now
            say(f"{task}: {state}")
        if state == "JOB_STATE_SUCCEEDED":
            return
        if state in _ENDED:
            error = cast("Mapping[str, object]", seen.get("error") or {})
            raise JobFailed(f"{task}: {state}: {error.get('message', 'no reason is given')}")
        sleep(_LOOK_SECONDS)


@contextmanager
def _told_to_end() -> Generator[None]:
    """The signals with which a step is stopped end what runs in between."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise Stopped

    former = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
