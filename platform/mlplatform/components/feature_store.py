"""The online store of features: the newest values for look-ups in milliseconds, and who reads and writes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.components.team import TeamIdentity
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.feature_store import FeatureStoreSpec
from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class OnlineStore(ABC):
    """One online store."""

    address: pulumi.Output[str]
    """What it is called: the beginning of the tables' names, the database, or the host. Nothing of it is secret."""

    @abstractmethod
    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Let an identity look up values.

        Args:
            identity: the identity.
            groups: the groups whose values it looks up.
        """

    @abstractmethod
    def grant_write(self, identity: Identity) -> None:
        """Let an identity fill all groups, and look up what is there."""


@contract("feature_store.online_store")
class BuildsOnlineStore(Protocol):
    """Makes the online store of the groups that have one: encrypted, private, and protected as the profile says."""

    def __call__(self, scope: Scope, spec: FeatureStoreSpec, /) -> OnlineStore: ...


def looks_features_up(spec: PlatformSpec, endpoint: EndpointSpec) -> bool:
    """Whether the servers of an endpoint look features up online, so that they need a network.

    Args:
        spec: the platform.
        endpoint: the endpoint.
    """
    return bool(spec.feature_store and spec.feature_store.looked_up_by("endpoints", endpoint.name))


class FeatureStore(Component):
    """The online store of features. Its values come from the tables, so that they can be filled again; tables and
    definitions are in the artifact store."""

    capability = "features"

    def __init__(
        self, name: str, spec: FeatureStoreSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the online store; without a group that is online, there is nothing to make.

        Args:
            name: logical name.
            spec: the feature store.
            context: the platform it belongs to.
            opts: the usual options.
        """
        super().__init__(name, context, opts)
        self.spec = spec
        self.online: OnlineStore | None = None
        if spec.online_groups:
            self.online = context.backend.load(BuildsOnlineStore)(self.scope, spec)
            if spec.fill is None:
                self.scope.note(
                    "feature_store.fill", "nothing fills the online store: give fill an image, or let a pipeline do it"
                )
        self.register_outputs({"online": self.online.address if self.online else None})

    def grant_write(self, identity: Identity) -> None:
        """Let an identity fill the online store."""
        if self.online:
            self.online.grant_write(identity)
            identity.note_grant("write", "online-features")

    def grant_read(self, identity: Identity) -> None:
        """Let an identity look up the features of all groups that are online.

        Args:
            identity: the identity.
        """
        self._grant_read(identity, [group.name for group in self.spec.online_groups])

    def grant_endpoint(self, identity: Identity, endpoint: str) -> None:
        """Let the servers of an endpoint look up the features of the services that name it.

        Args:
            identity: of the servers.
            endpoint: name of the endpoint.
        """
        self._grant_read(identity, self.spec.looked_up_by("endpoints", endpoint))

    def grant_team(self, identity: TeamIdentity, team: str) -> None:
        """Let the jobs of a team look up the features of the services that name it.

        Args:
            identity: of the jobs.
            team: name of the team.
        """
        self._grant_read(identity, self.spec.looked_up_by("teams", team))

    def _grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        if self.online and groups:
            self.online.grant_read(identity, groups)
            for group in groups:
                identity.note_grant("read", "online-features", group)
