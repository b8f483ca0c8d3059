"""The pipeline of the example on each cloud, and changes of it."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from mlplatform import PlatformSpec
from mlplatform.spec.pipelines import PipelineSpec

from ..conftest import ROOT

Data = dict[str, object]
EXAMPLE = ROOT / "examples" / "pipelines" / "fraud.yaml"
TARGETS: dict[str, Data] = {
    "aws": {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"cloud": "gcp", "project": "acme-ml", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "cloud": "azure",
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "eastus",
    },
}
REGISTRIES = {
    "aws": "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/training",
    "gcp": "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-training/fraud",
    "azure": "acmemldevimagese2c00d.azurecr.io/training",
}


ENDPOINTS: list[Data] = [{"name": "fraud-scorer", "model": "fraud"}]
"""What serves the example's model."""


@cache
def _read(file: Path) -> Data:
    return cast("Data", yaml.safe_load(file.read_text("utf-8")))


def pipeline(cloud: str = "aws") -> Data:
    """The example's pipeline as data, without its triggers and with images that the cloud pulls."""
    (found,) = cast("list[Data]", _read(EXAMPLE)["pipelines"])
    found = {name: value for name, value in found.items() if name not in ("triggers", "timeout_hours")}
    registry = REGISTRIES[cloud]
    return {**deepcopy(found), "image": f"{registry}:fraud-7", "programs_image": f"{registry}:mlplatform-step-1"}


def step(data: Data, name: str) -> Data:
    """A step of a pipeline, to change it."""
    return next(each for each in cast("list[Data]", data["steps"]) if each["name"] == name)


def platform(*clouds: str, pipelines: tuple[Data, ...] = (), **more: object) -> PlatformSpec:
    """A small platform with pipelines.

    Raises:
        pydantic.ValidationError: it is refused.
    """
    given = {"name": "acme-ml", "environment": "dev", "owner": "ml", "cost_center": "1", "endpoints": ENDPOINTS}
    targets = [TARGETS[cloud] for cloud in clouds]
    return PlatformSpec.model_validate({**given, "targets": targets, "pipelines": list(pipelines), **more})


def fraud(cloud: str) -> tuple[PlatformSpec, PipelineSpec]:
    """The example's pipeline on one cloud, and its platform, narrowed."""
    spec = platform(cloud, pipelines=(pipeline(cloud),)).on(cloud)
    return spec, spec.pipelines[0]
