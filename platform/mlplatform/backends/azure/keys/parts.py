"""What keys hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.components.keys import KeysParts
from mlplatform.spec.keys import KeyPurpose


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
