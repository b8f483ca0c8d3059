"""The managed identity of a team's jobs, and the Entra groups of its members."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.foundation.people import members_of_team
from mlplatform.backends.azure.identity.identity import make_identity
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope
from mlplatform.components.team import Whose
from mlplatform.spec.teams import TeamSpec


def build(scope: Scope, team: TeamSpec, whose: Whose, foundation: Foundation) -> AzureIdentity:
    """Create the identity, or name the groups; the cluster lets these find it."""
    del foundation
    if whose == "jobs":
        return make_identity(scope)
    groups = members_of_team(scope, team)
    return AzureIdentity(
        principal=groups[0].id,
        identity_id=None,
        client_id=None,
        name=pulumi.Output.from_input(team.namespace),
        principals=groups,
    )
