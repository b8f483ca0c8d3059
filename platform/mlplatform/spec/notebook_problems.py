"""Problems of notebooks with the rest of the spec: pools and a team that are not there."""

from collections.abc import Iterator, Sequence

from mlplatform.field_problem import EVERY, FieldProblem
from mlplatform.spec.cluster import ClusterSpec
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec


def notebook_problems(
    cluster: ClusterSpec | None, training: TrainingSpec | None, targets: Sequence[Target]
) -> Iterator[FieldProblem]:
    """Pools and a team of notebooks that are not there or admit no server, and a login of nobody."""
    notebooks = cluster.notebooks if cluster else None
    if notebooks is None or cluster is None:
        return
    at = ("cluster", "notebooks")
    if not notebooks.login.groups and not notebooks.login.people:
        yield FieldProblem(
            (*at, "login", "groups"),
            "somebody who may log in",
            "name groups, or people",
            got="neither groups nor people",
            fields=((*at, "login", "people"),),
        )
    pools = {pool.name: pool for pool in training.all_pools} if training else {}
    team = next((team for team in cluster.teams if team.name == notebooks.team), None)
    if notebooks.team and team is None:
        names = ", ".join(each.name for each in cluster.teams)
        yield FieldProblem(
            (*at, "team"),
            f"one of the teams: {names}" if names else "no team: the spec has none",
            "use one of these names, or remove it for the platform's own namespace",
            got=f"'{notebooks.team}'",
            fields=(("cluster", "teams", EVERY, "name"),),
        )
    for index, target in enumerate(targets):
        left_out = {name for name, override in target.pools.items() if not override.enabled}
        if left_out.issuperset(notebooks.pools):
            yield FieldProblem(
                ("targets", index, "pools"),
                f"one of the notebooks' pools: {', '.join(notebooks.pools)}; without any, this target has no notebooks",
                "keep one of them on this target, or name another pool in cluster.notebooks.pools",
                got="none of them",
                fields=((*at, "pools"),),
            )
    for index, name in enumerate(notebooks.pools):
        path, pool = (*at, "pools", index), pools.get(name)
        if pool is None:
            yield FieldProblem(
                path,
                f"one of the pools: {', '.join(pools)}" if pools else "a pool: the spec has none",
                "use one of these names, or add the pool",
                got=f"'{name}'",
                fields=(("training", "pools", EVERY, "name"), ("training", "cpu_pools", EVERY, "name")),
            )
            continue
        if isinstance(pool, GpuPoolSpec) and team and name not in team.quota:
            yield FieldProblem(
                path,
                f"a pool of the team {team.name}: {', '.join(team.quota) or 'it has none'}; its queue admits no server "
                "on another",
                f"give the team a quota in {name} (0 lets it borrow), or remove the pool here",
                got=f"'{name}'",
                fields=(("cluster", "teams"),),
            )
