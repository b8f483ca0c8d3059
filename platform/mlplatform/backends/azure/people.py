"""The Entra groups of people's roles."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.principal import AzurePrincipal
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.access import Role


def people_with_role(scope: Scope, role: Role) -> tuple[AzurePrincipal, ...]:
    """The Entra groups that hold a role."""
    groups = scope.target(AzureTarget).people.get(role, ())
    starts = [group[:8] for group in groups]
    return tuple(
        # the beginning of the id distinguishes groups of one role, whatever their order
        AzurePrincipal(
            id=pulumi.Output.from_input(group),
            kind="Group",
            label=f"{role}-{group if starts.count(start) > 1 else start}",
        )
        for group, start in zip(groups, starts, strict=True)
    )
