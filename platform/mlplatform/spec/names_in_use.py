"""Names of a spec that must be those of pools, teams or endpoints that it has, or must not be taken."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mlplatform.field_problem import EVERY, FieldPath, FieldProblem
from mlplatform.spec.endpoints import SERVING_NAMESPACE
from mlplatform.spec.registry import COPIES

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec


def team_problems(spec: "PlatformSpec", pools: Sequence[str]) -> Iterator[FieldProblem]:
    """Quotas in pools that are not there, names that are taken, and members of teams that are not there."""
    teams = spec.cluster.teams if spec.cluster else ()
    cpu_pools = [pool.name for pool in spec.training.cpu_pools] if spec.training else []
    for index, team in enumerate(teams):
        at = ("cluster", "teams", index)
        for pool in team.quota:
            if pool in cpu_pools:
                yield FieldProblem(
                    (*at, "quota", pool),
                    "a pool with devices: jobs on a CPU pool are not counted, and every team may run there",
                    "remove it",
                    got=f"'{pool}', a CPU pool",
                    fields=(("training", "cpu_pools", EVERY, "name"),),
                )
            elif pool not in pools:
                yield FieldProblem(
                    (*at, "quota", pool),
                    f"one of the pools: {', '.join(pools)}"
                    if pools
                    else "no quota, since training.pools of the spec is empty",
                    "use one of these names, or remove it" if pools else "add pools to training.pools, or remove it",
                    got=f"'{pool}'",
                    fields=(("training", "pools", EVERY, "name"),),
                )
        for field, taken in (
            (("access", "training_namespace"), spec.access.training_namespace),
            (("name",), spec.name),
        ):
            if taken == team.namespace:
                yield FieldProblem(
                    (*at, "name"),
                    f"a name whose namespace and queue, {team.namespace}, are not those of {'.'.join(field)}",
                    "rename the team",
                    got=f"'{team.name}'",
                    fields=(field,),
                )
    known = [team.name for team in teams]
    for index, target in enumerate(spec.targets):
        yield from unknown_overrides(index, "members", target.members, known, ("cluster", "teams"))
        team_of: dict[str, str] = {}
        for name, members in target.members.items():
            for position, member in enumerate(members):
                other = team_of.setdefault(member.lower(), name)
                if other != name:
                    yield FieldProblem(
                        ("targets", index, "members", name, position),
                        f"a group or principal of one team: {other} has it too, and nobody could say whose quota is "
                        "used",
                        "make a group for each team, and put the people in both",
                        got=f"'{member}'",
                        fields=(("targets", index, "members", other),),
                    )


def extension_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Extensions on targets that are not there."""
    names = [target.name for target in spec.targets]
    known = ", ".join(names)
    for index, extension in enumerate(spec.extensions):
        if extension.on is not None and extension.on not in names:
            yield FieldProblem(
                ("extensions", index, "on"),
                f"a target of this spec: {known}",
                f"name one of {known}, or remove on",
                fields=(("targets", EVERY, "name"),),
            )


def repository_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Repositories with the name of the one that holds the layer's images."""
    for index, name in enumerate(spec.registry.repositories):
        if name == COPIES and spec.keeps_copies:
            yield FieldProblem(
                ("registry", "repositories", index),
                "a name that the copies of the layer's images do not have",
                f"use {COPIES}-images, or set cluster.images to public",
                fields=(("cluster", "images"),),
            )


def cluster_endpoint_problems(spec: "PlatformSpec", pools: Sequence[str]) -> Iterator[FieldProblem]:
    """Endpoints on a cluster that is not there, without its layer, or on a pool that is not there."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "managed":
            continue
        at = ("endpoints", index)
        if spec.training is None or spec.cluster is None:
            missing = "training" if spec.training is None else "cluster"
            yield FieldProblem(
                (*at, "on"),
                "managed: the spec has no " + ("cluster" if spec.training is None else "layer inside its cluster"),
                f"add `{missing}`, or remove on and pool",
                got="'cluster'",
                fields=(("training",), ("cluster",)),
            )
        elif endpoint.pool is not None and endpoint.pool not in pools:
            yield FieldProblem(
                (*at, "pool"),
                f"one of the pools: {', '.join(pools)}" if pools else "a pool, and the spec has none",
                "use one of these names" if pools else "add pools to training.pools",
                got=f"'{endpoint.pool}'",
                fields=(("training", "pools", EVERY, "name"),),
            )
        if spec.access.training_namespace == SERVING_NAMESPACE:
            yield FieldProblem(
                ("access", "training_namespace"),
                f"another name: the endpoints on the cluster have the namespace {SERVING_NAMESPACE}",
                "write for example jobs",
                got=f"'{SERVING_NAMESPACE}'",
                fields=((*at, "on"),),
            )


def unknown_overrides(
    index: int, field: str, wanted: Iterable[str], known: Sequence[str], where: FieldPath
) -> Iterator[FieldProblem]:
    """Names in a target's `endpoints`, `pools` or `members` that the spec does not have."""
    place = ".".join(map(str, where))
    for name in wanted:
        if name not in known:
            yield FieldProblem(
                ("targets", index, field, name),
                f"one of the names in {place}: {', '.join(known)}"
                if known
                else f"nothing here: {place} of the spec has no names",
                "use one of these names, or remove it" if known else f"add {name} to {place}, or remove it here",
                got=f"'{name}'",
                fields=((*where, EVERY, "name"),),
            )
