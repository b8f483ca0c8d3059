"""How a pool's machines are paid and obtained beyond on demand: reservations and capacity blocks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import Name, SpecModel


class Reservation(SpecModel):
    """Capacity that is already reserved; each target binds the name to its own reservation id and zone."""

    kind: Literal["reservation"] = "reservation"
    """Kind of capacity: a reservation."""

    name: Name
    """A key of the target's `reservations`."""

    count: int = Field(ge=1)
    """Machines in the reservation; the pool's max_nodes must fit."""


class CapacityBlock(SpecModel):
    """Capacity for a fixed window, bought in advance; bound by its id, never bought by `up`."""

    kind: Literal["capacity-block"] = "capacity-block"
    """Kind of capacity: a capacity block."""

    name: Name
    """A key of the target's `reservations`."""

    count: int = Field(ge=1)
    """Machines in the block; the pool's max_nodes must fit."""

    starts: datetime
    """Start of the window, with time zone."""

    ends: datetime
    """End of the window, with time zone; nodes are drained before it."""

    @model_validator(mode="after")
    @refuses
    def _window(self) -> Iterator[FieldProblem]:
        without_zone = [(name, at) for name, at in (("starts", self.starts), ("ends", self.ends)) if at.tzinfo is None]
        for name, at in without_zone:
            yield FieldProblem(
                (name,), "a time with its time zone", f"write for example {at.isoformat()}Z", got=at.isoformat()
            )
        if not without_zone and self.ends <= self.starts:
            yield FieldProblem(
                ("ends",),
                f"a time after starts, {self.starts.isoformat()}",
                "move ends or starts",
                got=self.ends.isoformat(),
                fields=(("starts",),),
            )


Capacity = (
    Literal["on-demand", "spot", "flex-start"] | Annotated[Reservation | CapacityBlock, Field(discriminator="kind")]
)
