"""The example pipeline in a small platform whose cluster runs it."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import cast

from mlplatform import PlatformSpec

from .example import PIPELINE
from .fraud import Data
from .fraud import platform as with_pipelines

POOLS: list[Data] = [
    {"name": "batch", "accelerator": ["L4:1", "A10:1"], "max_nodes": 2, "capacity": "spot"},
    {"name": "big", "accelerator": "H100:8", "max_nodes": 2, "fabric": True},
    {"name": "small", "accelerator": ["L4:1", "A10:1"], "max_nodes": 2},
]
CPU_POOLS: list[Data] = [{"name": "general", "vcpus": 16, "memory_gib": 64, "max_nodes": 3}]
CLUSTER: Data = {
    "addons": ["argo-workflows"],
    "mounts": [{"place": "data"}, {"place": "models"}, {"place": "pipelines"}],
}


def pipeline(engine: str = "cluster", **changes: object) -> Data:
    """The example pipeline's data; its images are what a registry of the platform would have."""
    image = f"registry.example/training@sha256:{'0' * 64}"
    found = {**deepcopy(PIPELINE), "engine": engine, "image": image, "programs_image": image, **changes}
    for step in cast("list[Data]", found["steps"]):
        asked = cast("Data", step.get("resources") or {})
        if "accelerator" in asked:
            asked["accelerator"] = ["L4:1", "A10:1"]
            asked |= {"vcpus": 2, "memory_gib": 8}
    return found


def platform(cloud: str, *pipelines: Data, **changes: object) -> PlatformSpec:
    """A small platform with a cluster that runs them.

    Raises:
        pydantic.ValidationError: it is refused.
    """
    given: Data = {"training": {"pools": POOLS, "cpu_pools": CPU_POOLS}, "cluster": CLUSTER, **changes}
    return with_pipelines(cloud, pipelines=pipelines, **given).on(cloud)


@cache
def on_cluster(cloud: str, engine: str = "cluster") -> PlatformSpec:
    """The platform with the example alone."""
    return platform(cloud, pipeline(engine))
