"""What every pod on a pool is told of its nodes, whatever it does there."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from mlplatform.cluster.facts import AnyNodes
from mlplatform.cluster.objects.base import Taint, Toleration
from mlplatform.cluster.pod_facts import PodWiring

FABRIC_CLAIM = "fabric"
"""Name of a pod's claim of its fabric."""


def claim_name(nodes: AnyNodes) -> str:
    """Name of the template of claims for a pool's fabric, in each namespace of its pods."""
    return f"fabric-{nodes.pool.name}"


def tolerations_of(taints: Sequence[Taint]) -> tuple[Toleration, ...]:
    """Tolerations of exactly these taints."""
    return tuple(
        Toleration(key=taint.key, operator="Equal", value=taint.value, effect=taint.effect) for taint in taints
    )


def with_profile(command: tuple[str, ...], wiring: PodWiring) -> tuple[str, ...]:
    """The command, after the file of shell that belongs to the installed version of the fabric's library."""
    if wiring.profile is None:
        return command
    return ("bash", "-c", f'. {quote(wiring.profile)} && exec "$0" "$@"', *command)
