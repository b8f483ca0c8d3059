"""Teams that share the training cluster: their quotas, and what they may lend and borrow."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel

TeamName = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$")]
"""As `Name`, at most 20 characters: it is a part of the names of a namespace, a queue and an identity."""

Devices = Annotated[int, Field(ge=0, le=100_000)]
"""A number of devices, as pods ask for them: GPUs, or the parts of shared ones."""


class TeamSpec(SpecModel):
    """A team with a namespace, a queue and an identity of its own in the training cluster.

    Its namespace is `team-NAME`; its jobs run as the service account `training` there, and wait in the queue `default`.
    Who is in it, each target says in `members`. What no team has stays in the platform's own queue.
    """

    name: TeamName
    """Unique in the spec, at most 20 characters: `fraud`."""

    quota: dict[str, Devices] = Field(default_factory=dict[str, int])
    """Devices that the team can always have, by pool: `{"pretrain": 32}`. Devices are GPUs, the clients of time-sliced
    ones, or MIG instances. With 0 it only borrows there. Pools that are not named are not the team's. Needed."""

    borrow: dict[str, Devices] = Field(default_factory=dict[str, int])
    """Most devices beyond the quota, by pool. Omitted: everything that others leave unused at the moment."""

    lend: dict[str, Devices] = Field(default_factory=dict[str, int])
    """Most devices of the quota that others may use while the team does not, by pool. Omitted: all.

    The team takes them back by ending the others' jobs. With 0 they stand idle, and are there at once.
    """

    weight: int = Field(default=1, ge=1, le=100)
    """The team's part of what nobody's quota covers: with 2 it gets twice as much as a team with 1.

    Jobs within a team go by the priorities `low`, `normal` and `high`, which say nothing between teams.
    """

    max_jobs: int = Field(default=1000, ge=1, le=100_000)
    """Most jobs of each kind in the namespace, finished ones included, so that nobody floods the cluster's store."""

    def __init__(self, name: str | None = None, **data: object) -> None:
        # optional for Python alone: data without it must reach the validator instead of a TypeError
        super().__init__(**(data if name is None else {"name": name, **data}))

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        for field, limits in (("borrow", self.borrow), ("lend", self.lend)):
            for pool in limits:
                if pool not in self.quota:
                    yield FieldProblem(
                        (field, pool),
                        f"a pool of the team's quota: {', '.join(self.quota) or 'it has none'}",
                        f"add {pool} to quota, with 0 if the team only borrows there; or remove it",
                        got=f"'{pool}'",
                        fields=(("quota",),),
                    )
        for pool, most in self.lend.items():
            if most > self.quota.get(pool, most):
                yield FieldProblem(
                    ("lend", pool),
                    f"at most the quota, {self.quota[pool]}",
                    "lower it, or leave it out to lend all",
                    got=str(most),
                    fields=(("quota", pool),),
                )

    @property
    def namespace(self) -> str:
        """Its namespace, and the name of its queue and of its identity: `team-fraud`."""
        return f"team-{self.name}"

    def on_pools(self, pools: tuple[str, ...]) -> "TeamSpec":
        """The team on a target that has only some of the pools."""
        narrowed: dict[str, object] = {}
        for field in ("quota", "borrow", "lend"):
            given: dict[str, int] = getattr(self, field)
            if any(pool not in pools for pool in given):
                narrowed[field] = {pool: count for pool, count in given.items() if pool in pools}
        return self.rejoined(narrowed) if narrowed else self
