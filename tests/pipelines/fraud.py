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
from .accounts import REGISTRIES, TARGETS

Data = dict[str, object]
EXAMPLE = ROOT / "examples" / "pipelines" / "fraud.yaml"

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
