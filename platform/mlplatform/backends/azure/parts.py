"""What Azure components hand to each other, beyond what every cloud's do. Imports no provider SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from mlplatform.backends.azure.zones import of_zone
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts
from mlplatform.spec.keys import KeyPurpose

SubnetRole = Literal["nodes", "api", "endpoints", "apps"]
"""What a subnet is for."""


@dataclass(frozen=True, kw_only=True)
class AzureFoundation(FoundationParts):
    """The resource group everything is in."""

    group_name: pulumi.Output[str]
    """Name of the resource group, known beforehand; an output, so that what uses it comes after it."""

    group_id: pulumi.Output[str]
    """Resource id of the resource group."""


@dataclass(frozen=True, kw_only=True)
class AzureVault:
    """A key vault."""

    id: pulumi.Output[str]
    """Resource id."""

    name: pulumi.Output[str]
    """Physical name, known beforehand."""

    uri: pulumi.Output[str]
    """`https://<name>.vault.azure.net`, known beforehand, without a slash at its end."""


@dataclass(frozen=True, kw_only=True)
class AzureKey:
    """A customer-managed key and the identity that services use it with."""

    name: str
    """Name in the vault."""

    id: pulumi.Output[str]
    """Resource id, the scope of role assignments."""

    uri: pulumi.Output[str]
    """Key identifier without version: services that rotate by themselves take this one."""

    versioned_uri: pulumi.Output[str]
    """Key identifier with the newest version."""

    identity_id: pulumi.Output[str]
    """Resource id of the identity that may wrap and unwrap with this key, and nothing else."""

    identity_path: str
    """The same as plain text, for where Azure wants it as a name in a map."""

    client_id: pulumi.Output[str]
    """The identity's client id."""

    principal_id: pulumi.Output[str]
    """The identity's object id."""

    ready: tuple[pulumi.Resource, ...]
    """The identity's right to the key: encrypted resources come after it."""


@dataclass(frozen=True, kw_only=True)
class AzureKeys(KeysParts):
    """Keys and vaults; `ids` are key identifiers without version."""

    vault: AzureVault
    """Holds the keys, and only keys, but for the registry's."""

    registry_vault: AzureVault
    """Holds the registry's key alone: a registry does not reach a vault behind a firewall."""

    secrets: AzureVault
    """Holds the platform's secrets; the machine learning workspace's vault."""

    keys: Mapping[KeyPurpose, AzureKey]
    """Key by purpose."""

    made: bool = True
    """Whether the keys and their vaults are made here."""

    @property
    def made_vaults(self) -> dict[str, AzureVault]:
        """The vaults that are made here; what was there before has its owner's logs and private endpoints."""
        keys = {"keys": self.vault, "registry": self.registry_vault} if self.made else {}
        return {**keys, "secrets": self.secrets}


@dataclass(frozen=True, kw_only=True)
class AzureNetwork(NetworkParts):
    """A virtual network; `node_subnet_ids` holds one subnet for all zones, or one per zone in their order.

    `endpoints_private.connect` makes private endpoints in it.
    """

    subnets: Mapping[SubnetRole, pulumi.Output[str]]
    """Subnet id by role; `nodes` is the first zone's, `apps` may be missing in an adopted network."""

    dns_zone_ids: Mapping[str, pulumi.Output[str]]
    """Private DNS zone id by zone name (`privatelink.blob.core.windows.net`)."""

    dns_ready: tuple[pulumi.Resource, ...]
    """The zones' links to the network: what resolves private names comes after them."""

    egress: Literal["nat", "firewall", "none"]
    """How nodes reach the internet: NAT gateways, routes to a firewall, or not at all."""

    ready: tuple[pulumi.Resource, ...]
    """Subnets with egress, in which machines may start."""

    def node_subnet(self, zone: str) -> pulumi.Output[str]:
        """The subnet of a zone's nodes."""
        return of_zone(self.node_subnet_ids, self.zones, zone)


@dataclass(frozen=True, kw_only=True)
class AzurePrincipal:
    """Who a role is assigned to."""

    id: pulumi.Output[str]
    """Entra object id."""

    kind: Literal["ServicePrincipal", "Group"]
    """Managed identities are service principals; a fresh one is only found when Azure is told so."""

    label: str
    """Part of logical names and of the assignment's GUID."""


@dataclass(frozen=True, kw_only=True)
class AzureIdentity(IdentityParts):
    """A user-assigned managed identity, the Entra groups that hold one of people's roles, or who was there before.

    `principal` is the object id (of the first group).
    """

    identity_id: pulumi.Output[str] | None
    """Resource id of the managed identity, where made here."""

    client_id: pulumi.Output[str] | None
    """Client id that workloads log in with, where made here."""

    name: pulumi.Output[str]
    """Physical name of the managed identity, known beforehand; else the name in the program."""

    principals: tuple[AzurePrincipal, ...]
    """Everyone a grant is made to."""

    credentials: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Federated credentials so far: Azure takes one write per identity at a time, each waits for the last."""
