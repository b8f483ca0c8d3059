"""The size of an endpoint's replicas, and how many there are, by its load."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel


class CpuSpec(SpecModel):
    """The size of a CPU replica; the smallest machine that fits is used."""

    vcpus: int = Field(default=2, ge=1, le=64)
    """vCPUs of one replica."""

    memory_gib: int = Field(default=8, ge=1, le=512)
    """Memory of one replica, GiB."""


class AutoscalingSpec(SpecModel):
    """The load of one replica at which another is added."""

    metric: Literal["requests", "concurrency", "cpu", "gpu"] = "concurrency"
    """Requests per minute and replica, concurrent requests per replica, or utilisation in percent."""

    target: int = Field(default=8, ge=1, le=100000)
    """The target value, in the metric's unit."""

    cooldown_seconds: int = Field(default=300, ge=60, le=3600)
    """Waiting time before replicas are removed, seconds."""

    @model_validator(mode="after")
    @refuses
    def _per_cent(self) -> Iterator[FieldProblem]:
        if self.metric in ("cpu", "gpu") and not 10 <= self.target <= 95:
            yield FieldProblem(
                ("target",),
                f"from 10 to 95: with the metric {self.metric} it is a utilisation in percent",
                "set target to such a percentage, or choose another metric",
                got=str(self.target),
                fields=(("metric",),),
            )
