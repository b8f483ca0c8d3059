"""How an endpoint's traffic moves to a new model."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.snippet import Snippet
from mlplatform.spec.base import SpecModel


class AllAtOnce(SpecModel):
    """Move all traffic at once."""

    kind: Literal["all-at-once"] = "all-at-once"
    """Kind of rollout."""


class BlueGreenRollout(SpecModel):
    """Start the new fleet beside the old one, move all traffic, and keep the old one for the bake time."""

    kind: Literal["blue-green"] = "blue-green"
    """Kind of rollout."""

    bake_minutes: int = Field(default=10, ge=1, le=60)
    """Minutes for which the alarms are watched before the old fleet is removed, and longer where a cloud's metrics come
    later than that."""


class CanaryRollout(SpecModel):
    """Move a growing share of the traffic to the new model; roll back when an alarm fires."""

    kind: Literal["canary"] = "canary"
    """Kind of rollout."""

    steps: tuple[Annotated[int, Field(ge=1, le=99)], ...] = Field(default=(10,), min_length=1, max_length=10)
    """Growing percentages of traffic for the new model, before 100."""

    bake_minutes: int = Field(default=10, ge=1, le=60)
    """Minutes for which the alarms are watched at each step, and longer where a cloud's metrics come later."""

    least_requests: int = Field(default=0, ge=0, le=1_000_000)
    """Requests that the new model must have answered in a step before the step counts as good: alarms say nothing about
    a model that nobody calls. With fewer, the watch goes on, up to four times as long, and then the model is taken
    back. 0: an idle step counts as good."""

    @model_validator(mode="after")
    @refuses
    def _growing(self) -> Iterator[FieldProblem]:
        growing = sorted(set(self.steps))
        if list(self.steps) != growing:
            yield FieldProblem(("steps",), "percentages that grow", "write", write=Snippet(growing))


Rollout = Annotated[AllAtOnce | BlueGreenRollout | CanaryRollout, Field(discriminator="kind")]
