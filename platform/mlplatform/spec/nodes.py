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

MOST_LABELS = 20
"""Labels of a pool. An EKS node group has 50, the platform's among them, and so has its Auto Scaling group tags, which
repeat labels and taints for the autoscaler,
https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html (2026-11-30)"""

MOST_TAINTS = 6
"""Taints of a pool: a flavor of Kueue has 8, of which up to two are the device's and the capacity's,
https://github.com/kubernetes-sigs/kueue/tree/v0.19.2/config/components/crd/bases"""


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
