"""Batch scoring on a schedule: a pipeline that reads the released model, on each cloud's own service."""

from __future__ import annotations

from typing import cast

import pytest
import yaml

from mlplatform import PlatformSpec, discovery
from mlplatform.pipelines.meaning import FromStore
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.render.pipelines.files import pod_forms
from mlplatform.spec.releases import ReleaseRecord

from ..conftest import CLOUDS, ROOT
from . import in_cluster
from .accounts import REGISTRIES, TARGETS
from .fraud import Data

EXAMPLE = ROOT / "examples" / "pipelines" / "score.yaml"


def _files(spec: PlatformSpec, cloud: str) -> str:
    return f"{discovery.backend(cloud).place_uri(spec.on(cloud), 'models')}/fraud/7/"


def _spec(cloud: str, engine: str = "managed") -> PlatformSpec:
    """The example on a cloud, with a release of the model; on the training cluster without the door's triggers."""
    data = cast("Data", yaml.safe_load(EXAMPLE.read_text("utf-8")))
    (pipeline,) = cast("list[Data]", data["pipelines"])
    registry = REGISTRIES[cloud]
    pipeline |= {"image": f"{registry}:fraud-7", "programs_image": f"{registry}:mlplatform-step-1"}
    data["targets"] = [TARGETS[cloud]]
    if engine != "managed":
        pipeline["engine"] = engine
        pipeline.pop("triggers")
        data |= {"training": {"cpu_pools": in_cluster.CPU_POOLS}, "cluster": in_cluster.CLUSTER}
    spec = PlatformSpec.model_validate(data)
    release = {"model": "fraud", "version": "7", "artifact": _files(spec, cloud), "approver": "ana"}
    targets = {cloud: {"fraud-scorer": {"main": release}}}
    record = ReleaseRecord.model_validate({"platform": "acme-ml", "environment": "dev", "targets": targets})
    return spec.with_record(record).on(cloud)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_night_the_released_model_scores_rows_that_were_looked_at(cloud: str) -> None:
    backend, spec = discovery.backend(cloud), _spec(cloud)
    assert not [each for each in backend.problems(spec) if each.path.startswith("pipelines")]
    (pipeline,) = spec.pipelines
    meaning = meaning_on(backend, spec, pipeline)
    assert [task.name for task in meaning.tasks] == ["check-rows", "score-eu", "score-us"]
    for name in ("score-eu", "score-us"):
        task = meaning.task(name)
        assert task.after == ("check-rows",)
        assert task.inputs["model"] == FromStore(_files(spec, cloud))
    assert meaning.task("check-rows").command[:2] == (("mlplatform-step",), ("validate",))
    text = "".join(file.text for file in backend.pipeline_forms(spec, pipeline))
    assert "fraud.score" in text
    assert "least_rows" in text


@pytest.mark.parametrize("engine", ["cluster", "airflow"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_training_cluster_scores_the_same_rows_with_the_same_model(cloud: str, engine: str) -> None:
    """There Argo's own schedule, or Airflow's, starts it: the door starts runs of the cloud's service alone."""
    backend, spec, managed = discovery.backend(cloud), _spec(cloud, engine), _spec(cloud)
    assert not [each for each in backend.problems(spec) if each.path.startswith("pipelines")]
    (pipeline,) = spec.pipelines
    here, there = meaning_on(backend, spec, pipeline), meaning_on(backend, managed, managed.pipelines[0])
    assert here.tasks == there.tasks
    text = "".join(file.text for file in pod_forms(spec, pipeline))
    assert "fraud.score" in text
    assert "least_rows" in text
