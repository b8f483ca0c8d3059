"""Existing keys, containers, clusters, registries and identities that a target on Azure names. Imports no SDK."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from mlplatform.spec.adopted import Adopted, AdoptedPart
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.base import Name, SpecModel
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_position

_GROUP = r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers"
_VAULT = rf"^{_GROUP}/Microsoft\.KeyVault/vaults/[^/]+$"
_Name = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{1,127}$")]
_Subnet = Annotated[
    str, StringConstraints(pattern=rf"^{_GROUP}/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$")
]


class AzureAdoptedKeys(AdoptedPart):
    """Keys in a vault with RBAC and purge protection, in the target's tenant.

    The deployer must be allowed to assign roles on the vault. The vault must allow trusted services or be reachable
    from the network.
    """

    vault_id: str = Field(pattern=_VAULT)
    """Resource id of the vault."""

    default: _Name | None = None
    """Name of the key for every purpose that is not in `names`. Omitted: `names` must name all purposes."""

    names: dict[KeyPurpose, _Name] = Field(default_factory=dict[KeyPurpose, _Name])
    """Name of the key by purpose."""

    registry_vault_id: str | None = Field(default=None, pattern=_VAULT)
    """Vault of the registry's key. A new registry must reach it without a firewall. Omitted: `vault_id`."""


class AzureAdoptedContainer(SpecModel):
    """A blob container that holds one place of the store."""

    account_id: str = Field(pattern=rf"^{_GROUP}/Microsoft\.Storage/storageAccounts/[a-z0-9]+$")
    """Resource id of its storage account."""

    name: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$")
    """Name of the container."""


class AzureAdoptedStore(AdoptedPart):
    """Blob containers. Their owner manages the accounts' lifecycle, keys, private endpoints and access logs."""

    containers: dict[Place, AzureAdoptedContainer] = Field(min_length=1)
    """Container by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {f"containers.{place}": f"{each.account_id}/{each.name}" for place, each in self.containers.items()}


class AzureAdoptedCluster(AdoptedPart):
    """An AKS cluster in the target's location, with a disk encryption set if disks need a key of your own."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"node_subnet_ids"})

    cluster_name: str = Field(pattern=r"^[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$")
    """Name of the cluster."""

    group_name: str = Field(min_length=1, max_length=90)
    """Its resource group."""

    node_subnet_ids: tuple[_Subnet, ...] = Field(min_length=1, max_length=3)
    """Subnets for nodes: one for all zones, or one for each zone in the target's order."""

    issuer_url: str | None = Field(default=None, pattern=r"^https://.+$")
    """OIDC issuer of the service accounts' tokens. Omitted: the issuer of the cluster, looked up."""

    control_plane_principal_id: str | None = Field(default=None, pattern=r"^[0-9a-f-]{36}$")
    """Entra object id of the control plane's identity. Omitted: pools in a capacity reservation are refused."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_position("node_subnet_ids", self.node_subnet_ids)


class AzureAdoptedRegistry(AdoptedPart):
    """A container registry of the Premium tier in the target's tenant, instead of one that the platform makes.

    The deployer must be allowed to assign roles on it and to approve its private endpoints. Its owner manages caches,
    clean-up, scanning, keys and logs.
    """

    registry_id: str = Field(pattern=rf"^{_GROUP}/Microsoft\.ContainerRegistry/registries/[a-zA-Z0-9]{{5,50}}$")
    """Resource id of the registry, of the target's subscription or another one."""

    login_server: str | None = Field(default=None, pattern=r"^[a-z0-9-]+\.azurecr\.io$")
    """Its address, where that has a hash (`name-hash.azurecr.io`). Omitted: `name.azurecr.io`."""


class AzureAdoptedIdentity(SpecModel):
    """A user-assigned managed identity; `az identity show` prints its three ids."""

    id: str = Field(pattern=rf"^{_GROUP}/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+$")
    """Resource id."""

    principal_id: str = Field(pattern=r"^[0-9a-f-]{36}$")
    """Entra object id, for its rights."""

    client_id: str = Field(pattern=r"^[0-9a-f-]{36}$")
    """Client id, with which workloads log in."""


class AzureAdoptedIdentities(AdoptedPart):
    """User-assigned managed identities in the target's tenant.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    training: AzureAdoptedIdentity | None = None
    """The managed identity of jobs in the cluster. Omitted: one is created."""

    pipelines: AzureAdoptedIdentity | None = None
    """The managed identity of pipelines and machine learning jobs. Omitted: one is created."""

    ci: AzureAdoptedIdentity | None = None
    """The managed identity of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: dict[Name, AzureAdoptedIdentity] = Field(default_factory=dict[Name, AzureAdoptedIdentity])
    """The managed identity by endpoint; others are created."""


class AzureAdopted(Adopted):
    """Existing parts on Azure; those that are omitted are created."""

    keys: AzureAdoptedKeys | None = None
    """Encryption keys. Omitted: one key per purpose is created."""

    store: AzureAdoptedStore | None = None
    """Places of the artifact store. Omitted: all are created."""

    cluster: AzureAdoptedCluster | None = None
    """Training cluster. Omitted: one is created if the spec has `training`."""

    registry: AzureAdoptedRegistry | None = None
    """Registry of images, with all `registry.repositories`. Omitted: one is created."""

    identities: AzureAdoptedIdentities | None = None
    """Identities of workloads. Omitted: all are created."""
