"""Problems of a target's teams, in the same words on every cloud: quotas that its pools cannot hold. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.catalog.catalog import Choice
from mlplatform.components.backend import Backend
from mlplatform.components.cluster_serving import held_devices
from mlplatform.components.selection import try_pool
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec


def team_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """Teams without a pool on this target, and quotas that are together more than a pool ever has.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
    """
    teams = spec.cluster.teams if spec.cluster else ()
    if not teams or spec.training is None:
        return
    for index, team in enumerate(teams):
        if not any(count or team.borrow.get(pool) != 0 for pool, count in team.quota.items()):
            yield backend.refuse(
                f"cluster.teams[{index}].quota",
                "0 everywhere, and nothing to borrow" if team.quota else "no pool",
                f"a pool of this target that the team may use: {_names(spec) or 'it has none'}; without one, its jobs "
                "wait for ever",
                f"name a pool with a number of devices, or remove the team '{team.name}'",
            )
    for pool in spec.training.pools:
        choice = try_pool(backend, target, pool)
        if isinstance(choice, Choice):
            yield from _sum_problems(backend, spec, pool, choice)


def _sum_problems(backend: Backend, spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice) -> Iterator[Problem]:
    teams = spec.cluster.teams if spec.cluster else ()
    each = gpu_clients(pool, choice.machine)
    held = held_devices(spec, pool, choice)
    most = each * pool.max_nodes - held
    given = 0
    for index, team in enumerate(teams):
        wanted = team.quota.get(pool.name, 0)
        given += wanted
        if given <= most or not wanted:
            continue
        together = {other.name: other.quota[pool.name] for other in teams[: index + 1] if other.quota.get(pool.name)}
        yield backend.refuse(
            f"cluster.teams[{index}].quota.{pool.name}",
            _shown(together),
            f"at most {most} in all, {_count(pool, choice)}"
            + (f", of which endpoints take up to {held}" if held else "")
            + ": a job that is admitted to more would wait for a node that "
            "never comes",
            f"lower the quotas, or set max_nodes of {pool.name} to at least {-(-(given + held) // each)}",
            fields=("training.pools",),
        )


def _shown(quotas: Mapping[str, int]) -> str:
    if len(quotas) == 1:
        return str(next(iter(quotas.values())))
    return " + ".join(f"{count} ({name})" for name, count in quotas.items()) + f" = {sum(quotas.values())}"


def _count(pool: GpuPoolSpec, choice: Choice) -> str:
    """How many devices a pool has, as a sum in words."""
    gpus = choice.machine.accelerator.count
    words = f"{pool.max_nodes} nodes with {gpus} {'GPU' if gpus == 1 else 'GPUs'}"
    match pool.sharing:
        case TimeSlicing(clients=clients):
            return f"{words}, each for {clients} clients"
        case Mig(profile=profile):
            return f"{words}, each in {gpu_clients(pool, choice.machine) // gpus} parts of {profile}"
        case None:
            return words


def _names(spec: PlatformSpec) -> str:
    return ", ".join(pool.name for pool in spec.training.pools) if spec.training else ""
