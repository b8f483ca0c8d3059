"""Parts of the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from mlplatform.components.keys import KeysParts
from mlplatform.components.secret_names import reader_name
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
    """Key identifier without version, for services that follow the rotation."""

    versioned_uri: pulumi.Output[str]
    """Key identifier with the newest version."""

    identity_id: pulumi.Output[str]
    """Resource id of the identity that may wrap and unwrap with this key, and nothing else."""

    identity_path: str
    """The same as plain text, for maps that Azure keys by it."""

    client_id: pulumi.Output[str]
    """The identity's client id."""

    principal_id: pulumi.Output[str]
    """The identity's object id."""

    ready: tuple[pulumi.Resource, ...]
    """The identity's role on the key, a prerequisite of encrypted resources."""


@dataclass(frozen=True, kw_only=True)
class AzureKeys(KeysParts):
    """Keys and vaults; `ids` are key identifiers without version."""

    vault: AzureVault
    """Holds all keys except the registry's, and nothing else."""

    registry_vault: AzureVault
    """Holds only the registry's key: a registry cannot reach a vault behind a firewall."""

    secrets: AzureVault
    """The vault of the machine learning workspace, whose own identity administers it: no secret of others is in it."""

    endpoint_secrets: AzureVault
    """Holds the secrets that endpoints name; each endpoint's identity reads its own, and no service administers it."""

    keys: Mapping[KeyPurpose, AzureKey]
    """Key by purpose."""

    files_vault: AzureVault | None = None
    """Holds only the key of the shared file system: its service reaches no vault that public access is off for."""

    files_key: AzureKey | None = None
    """The key of the shared file system; None where the platform makes none."""

    namespace_secrets: Mapping[str, AzureVault] = field(default_factory=dict[str, AzureVault])
    """A vault for each namespace of jobs whose secrets come into the cluster: its reader reads all of it."""

    created: bool = True
    """Whether the platform creates the keys and their vaults."""

    @property
    def own_vaults(self) -> dict[str, AzureVault]:
        """The vaults that the platform creates; the owner of existing ones keeps their logs and private endpoints."""
        keys = {"keys": self.vault, "registry": self.registry_vault} if self.created else {}
        files = {"files": self.files_vault} if self.files_vault else {}
        jobs = {reader_name(namespace): vault for namespace, vault in self.namespace_secrets.items()}
        return {**keys, **files, "secrets": self.secrets, "endpoints": self.endpoint_secrets, **jobs}
