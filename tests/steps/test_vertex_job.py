"""A step that is a custom job of Vertex AI: what is sent, how it ends, and that nothing goes on when nobody waits."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import Any, cast

import pytest

from mlplatform.services.gcp_api import GoogleApi, GoogleRefused
from mlplatform.steps import program
from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.job_options import NodesJob
from mlplatform.steps.vertex_job import JobFailed, Stopped, run_job

from .fake_vertex import JOB, RUN, THE_RUN, FakeVertex

MODEL, MODEL_2 = "/gcs/acme/runs/1/model", "/gcs/acme/runs/1/model_2"


def job(**changes: object) -> NodesJob:
    """A job of three nodes."""
    given = NodesJob(
        run=RUN,
        task="train",
        image="us-central1-docker.pkg.dev/acme/training/fraud@sha256:7",
        machine="n1-standard-8",
        nodes=3,
        minutes=90,
        disk_gib=50,
        accelerator=("NVIDIA_TESLA_T4", 2),
        spot=False,
        outputs={"model": MODEL, "model_2": MODEL_2},
        command=("/bin/sh", "-c", "…", "node", "torch", "2", MODEL, MODEL_2, "--", "train", f"--to={MODEL_2}/w"),
    )
    return replace(given, **cast("dict[str, Any]", changes))


def quiet(line: str) -> None:
    """No log."""
    del line


def _done(vertex: FakeVertex, **changes: object) -> list[str]:
    lines: list[str] = []
    run_job(job(**changes), GoogleApi(vertex, sleep=_no_wait), sleep=_no_wait, say=lines.append)
    return lines


def _no_wait(seconds: float) -> None:
    del seconds


def test_the_job_is_what_the_run_is() -> None:
    vertex = FakeVertex("JOB_STATE_QUEUED", "JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED")
    lines = _done(vertex)
    assert [line.rpartition(" ")[2] for line in lines[1:]] == [
        "JOB_STATE_QUEUED",
        "JOB_STATE_RUNNING",
        "JOB_STATE_SUCCEEDED",
    ]
    (sent,) = vertex.jobs
    spec = cast("dict[str, Any]", sent["jobSpec"])
    assert (sent["displayName"], sent["encryptionSpec"]) == ("fraud-retrain-1-train", THE_RUN["encryptionSpec"])
    assert sent["labels"] == {"pipeline": "fraud-retrain"}, "the service's own labels are not ours to set"
    assert spec["serviceAccount"] == THE_RUN["serviceAccount"]
    assert spec["pscInterfaceConfig"] == THE_RUN["pscInterfaceConfig"]
    assert spec["scheduling"]["strategy"] == "STANDARD"
    assert spec["scheduling"]["restartJobOnWorkerRestart"] is True
    first, others = spec["workerPoolSpecs"]
    assert (first["replicaCount"], others["replicaCount"]) == ("1", "2"), "one first node, and the others"
    assert first["machineSpec"] == others["machineSpec"]
    assert first["machineSpec"]["acceleratorCount"] == 2
    assert first["diskSpec"] == {"bootDiskSizeGb": 100}, "no smaller one is taken"
    assert first["containerSpec"]["args"][-1] == f"--to={MODEL_2}/w"
    words = others["containerSpec"]["args"]
    assert not any("/gcs/" in word for word in words), "only the first node's files are the step's"
    assert words[-1] == "--to=/tmp/mlplatform-outputs/model_2/w"


def test_one_node_of_spot_with_a_large_disk() -> None:
    vertex = FakeVertex("JOB_STATE_SUCCEEDED")
    vertex.run = {"name": RUN}
    _done(vertex, nodes=1, spot=True, disk_gib=500, accelerator=None)
    spec = cast("dict[str, Any]", vertex.jobs[0]["jobSpec"])
    (pool,) = spec["workerPoolSpecs"]
    assert pool["diskSpec"] == {"bootDiskSizeGb": 500}
    assert pool["machineSpec"] == {"machineType": "n1-standard-8"}
    assert spec["scheduling"]["strategy"] == "SPOT"
    assert {"serviceAccount", "pscInterfaceConfig"}.isdisjoint(spec), "the run has none"


@pytest.mark.parametrize("state", ["JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"])
def test_a_job_that_does_not_succeed_fails_the_step(state: str) -> None:
    with pytest.raises(JobFailed, match=state):
        _done(FakeVertex("JOB_STATE_RUNNING", state))


def test_a_further_attempt_waits_for_the_job_that_still_runs() -> None:
    """The container that waits can be lost too: its next attempt does not pay for the machines twice."""
    vertex = FakeVertex("JOB_STATE_SUCCEEDED")
    vertex.jobs = [{"displayName": "fraud-retrain-1-train", "name": JOB, "state": "JOB_STATE_RUNNING"}]
    _done(vertex)
    assert len(vertex.jobs) == 1
    vertex.jobs[0]["state"] = "JOB_STATE_FAILED"
    _done(vertex)
    assert len(vertex.jobs) == 2, "one that failed is no attempt that goes on"


def test_a_step_that_is_stopped_stops_its_job() -> None:
    vertex = FakeVertex("JOB_STATE_RUNNING")

    def stopped(seconds: float) -> None:
        del seconds
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped):
        run_job(job(), GoogleApi(vertex), sleep=stopped, say=quiet)
    assert vertex.cancelled == [f"{JOB}:cancel"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_look_without_an_answer_is_no_end() -> None:
    vertex = FakeVertex("JOB_STATE_RUNNING", *[None] * 19, "JOB_STATE_SUCCEEDED")
    _done(vertex)
    assert vertex.cancelled == []


def test_nothing_goes_on_that_nobody_can_see() -> None:
    vertex = FakeVertex("JOB_STATE_RUNNING", None)
    with pytest.raises(GoogleRefused):
        _done(vertex)
    assert vertex.cancelled == [f"{JOB}:cancel"]


def test_names_have_their_limit_and_stay_apart() -> None:
    names: set[str] = set()
    for task in ("train-north", "train-south"):
        vertex = FakeVertex("JOB_STATE_SUCCEEDED")
        long = f"{RUN}{'x' * 100}"
        vertex.run = {"name": long}
        _done(vertex, run=long, task=task)
        names.add(str(vertex.jobs[0]["displayName"]))
    assert len(names) == 2
    assert all(len(name) <= 128 for name in names)


def test_a_run_of_another_form_is_bad_input() -> None:
    with pytest.raises(BadInput, match="pipelineJobs/RUN"):
        _done(FakeVertex("JOB_STATE_SUCCEEDED"), run="fraud-retrain-1")


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["job", "--run", "x", "--task", "train", "--image", "i", "--machine", "m", "--nodes", "2", "--minutes", "5"]
    words += ["--disk", "50", "--accelerator", "T4", "--", "sh", "-c", "true"]
    assert program.run(words) == program.BAD_INPUT
    assert "expected NAME:COUNT" in capsys.readouterr().err
