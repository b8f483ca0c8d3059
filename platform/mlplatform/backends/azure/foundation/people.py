"""The Entra groups of people's roles."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.access import Role
from mlplatform.spec.teams import TeamSpec


def people_with_role(scope: Scope, role: Role) -> tuple[AzurePrincipal, ...]:
    """The Entra groups that hold a role."""
    return _groups(role, scope.target(AzureTarget).people.get(role, ()))


def members_of_team(scope: Scope, team: TeamSpec) -> tuple[AzurePrincipal, ...]:
    """The Entra groups of a team's members."""
    return _groups(team.namespace, scope.target(AzureTarget).members.get(team.name, ()))


def _groups(name: str, groups: Sequence[str]) -> tuple[AzurePrincipal, ...]:
    starts = [group[:8] for group in groups]
    return tuple(
        # the beginning of the id distinguishes groups of one name, whatever their order
        AzurePrincipal(
            id=pulumi.Output.from_input(group),
            kind="Group",
            label=f"{name}-{group if starts.count(start) > 1 else start}",
        )
        for group, start in zip(groups, starts, strict=True)
    )
