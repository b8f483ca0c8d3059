"""What pools of nodes have in common: names, labels, taints, bounds."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints

from mlplatform.field_problem import FieldProblem
from mlplatform.spec.base import SpecModel

SYSTEM = "system"
"""Value of the pool's label on the cluster's own nodes, and so no name of another pool."""

PoolName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,11}$")]
"""A name that every cloud accepts for a pool: AKS has the shortest."""

Label = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
    ),
]


class TaintSpec(SpecModel):
    """A Kubernetes taint on every node of a pool."""

    key: LabelKey
    """Key of the taint, optionally with a DNS prefix."""

    value: Label = ""
    """Value of the taint; may be empty."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"
    """Effect on pods without a matching toleration."""


def system_name(name: str) -> Iterator[FieldProblem]:
    """A pool with the name of the cluster's own: what selects it by its label would run on either."""
    if name == SYSTEM:
        yield FieldProblem(("name",), "another name: the cluster's own pool has this one", "use for example general")


def above_most(least: int, most: int) -> FieldProblem:
    """A minimum of nodes above the maximum."""
    return FieldProblem(
        ("min_nodes",),
        f"at most max_nodes, {most}",
        "lower min_nodes or raise max_nodes",
        got=str(least),
        fields=(("max_nodes",),),
    )
