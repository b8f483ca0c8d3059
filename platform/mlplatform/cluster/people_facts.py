"""How a cloud names people and accounts in its cluster: contracts of `backends/<cloud>/cluster/`. Imports no SDK."""

from __future__ import annotations

from typing import Protocol

from mlplatform.cluster.objects.base import Labels
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec


@record(kw_only=True)
class TeamAccess:
    """How this cloud introduces a team's people to the cluster, and where its pods become its identity."""

    subjects: tuple[Subject, ...]
    """The team's members, as RBAC names them; none where the target names none."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS to the internet."""


@contract("cluster.teams")
class DescribesTeam(Protocol):
    """Says how the members of a team are named in the cluster."""

    def __call__(self, spec: PlatformSpec, team: TeamSpec, /) -> TeamAccess: ...


@contract("cluster.people")
class NamesPeople(Protocol):
    """Names those of the target's people who run jobs in the platform's own namespace, as RBAC does."""

    def __call__(self, spec: PlatformSpec, /) -> tuple[Subject, ...]: ...


@contract("cluster.accounts")
class BindsAccounts(Protocol):
    """Gives the annotations of a service account whose pods act as one of the platform's identities."""

    def __call__(self, spec: PlatformSpec, purpose: str, /) -> Labels: ...
