"""The identities of a team: that of its jobs, and that of its members in the cluster's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.contract import contract
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Identity, IdentityParts
from mlplatform.components.job_rights import TEAM_RIGHTS, places_with, team_folder
from mlplatform.components.registry import ImageRegistry, ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.teams import TeamSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

ACCOUNT = "training"
"""Service account of jobs, in each namespace for jobs."""

Whose = Literal["jobs", "members"]
"""Who acts as an identity: the pods of the team's jobs, or the people that the target names as its members."""


@contract("identity.team")
class BuildsTeamIdentity(Protocol):
    """Makes an identity of a team without keys. Its jobs have no rights until something grants them; its members may
    find the cluster."""

    def __call__(self, scope: Scope, team: TeamSpec, whose: Whose, foundation: Foundation, /) -> IdentityParts: ...


class TeamIdentity(Identity):
    """An identity of a team, without keys or passwords."""

    def __init__(
        self, name: str, team: TeamSpec, whose: Whose, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the identity.

        Args:
            name: logical name.
            team: the team.
            whose: who acts as it.
            context: the platform it belongs to.
            opts: the usual options.
        """
        Component.__init__(self, name, context, opts)
        self.purpose = "training"
        self.made = True
        self.parts = context.backend.load(BuildsTeamIdentity)(self.scope, team, whose, context.foundation)
        self.principal = self.parts.principal
        self.register_outputs({"principal": self.principal})


def admit_team(cluster: Cluster, team: TeamSpec, jobs: TeamIdentity) -> None:
    """Let the pods of a team act as its identity, and its members reach the cluster's API.

    Args:
        cluster: the cluster.
        team: the team.
        jobs: the identity of its jobs.
    """
    cluster.bind(jobs, team.namespace, ACCOUNT)
    if jobs.context.target.members.get(team.name):
        name = f"{jobs.context.prefix}-{team.namespace}-members"
        cluster.admit_team(TeamIdentity(name, team, "members", jobs.context), team)


def grant_team(
    identity: Identity, team: TeamSpec, store: ArtifactStore, images: ImageRegistry, models: ModelRegistry
) -> None:
    """What a team's jobs may do: less than those of the platform's own namespace."""
    for place in places_with(TEAM_RIGHTS, "write"):
        store.grant_folder(identity, place, team_folder(team.namespace))
    store.grant_read(identity, *places_with(TEAM_RIGHTS, "read"))
    images.grant_pull(identity)
    models.grant_register(identity)
