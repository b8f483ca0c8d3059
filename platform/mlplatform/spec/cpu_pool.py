"""Pools of nodes without accelerator: data preparation, heads of Ray clusters, controllers, notebooks."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.snippet import Snippet
from mlplatform.spec.base import SpecModel
from mlplatform.spec.nodes import (
    MOST_LABELS,
    MOST_TAINTS,
    Label,
    LabelKey,
    PoolName,
    TaintSpec,
    above_most,
    system_name,
)
from mlplatform.spec.owned_names import owned_keys


class CpuPoolSpec(SpecModel):
    """A pool of nodes without accelerator that scales from zero.

    For data preparation, heads of Ray clusters, controllers and notebooks, which would otherwise take a GPU machine or
    crowd the system pool. Pods choose it by the label of the pool's name.
    """

    name: PoolName
    """Unique among all pools; at most 12 lower-case letters and digits, which every cloud accepts."""

    vcpus: int = Field(default=4, ge=2, le=64)
    """Least vCPUs of a node: the cheapest machine of the catalogue that has them and the memory is used."""

    memory_gib: int = Field(default=16, ge=4, le=512)
    """Least memory of a node, GiB."""

    min_nodes: int = Field(default=0, ge=0)
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int = Field(ge=1, le=1000)
    """Maximum of nodes over all zones."""

    capacity: Literal["on-demand", "spot"] = "on-demand"
    """On demand or spot. Spot nodes have a taint besides, on every cloud: only pods that tolerate it run there."""

    disk_gib: int = Field(default=100, ge=50, le=16000)
    """Boot disk of each node, GiB."""

    labels: dict[LabelKey, Label] = Field(default_factory=dict, max_length=MOST_LABELS)
    """Kubernetes labels, besides those the platform sets.

    Keys below `mlplatform.dev`, and those of Kubernetes and the clouds, are refused.
    """

    taints: tuple[TaintSpec, ...] = Field(default=(), max_length=MOST_TAINTS)
    """Kubernetes taints; the same keys are refused as for labels. Omitted: none, so that any pod may run there."""

    zones: tuple[Annotated[int, Field(ge=1, le=3)], ...] = ()
    """Positions in the target's zones, from 1. Omitted: all."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from system_name(self.name)
        if self.min_nodes > self.max_nodes:
            yield above_most(self.min_nodes, self.max_nodes)
        zones = sorted(set(self.zones))
        if len(zones) != len(self.zones):
            yield FieldProblem(("zones",), "each zone once", "write", write=Snippet(zones))
        yield from owned_keys({("labels", key): key for key in self.labels})
        yield from owned_keys({("taints", index, "key"): taint.key for index, taint in enumerate(self.taints)})
