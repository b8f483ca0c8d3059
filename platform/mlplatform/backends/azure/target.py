"""Settings of one Azure subscription and region."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.deprecation import former_names
from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.later import later
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    from mlplatform.backends.azure.adopted import AzureAdopted as _Adopted
    from mlplatform.backends.azure.adopted_file_system import AzureFileSystem as _FileSystem
    from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork as _AdoptedNetwork
    from mlplatform.backends.azure.adopted_network import AzureHub as _Hub
else:
    _Adopted = later("mlplatform.backends.azure.adopted:AzureAdopted")
    _AdoptedNetwork = later("mlplatform.backends.azure.adopted_network:AzureAdoptedNetwork")
    _FileSystem = later("mlplatform.backends.azure.adopted_file_system:AzureFileSystem")
    _Hub = later("mlplatform.backends.azure.adopted_network:AzureHub")

_Guid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
_NETWORK = r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network"
_Subnet = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+/subnets/[^/]+$")]
_Zone = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/privateDnsZones/[^/]+$")]


class AzureTarget(Target):
    """One Azure subscription and region."""

    cloud: Literal["azure"] = "azure"  # pyright: ignore[reportIncompatibleVariableOverride]
    """The backend."""

    subscription_id: _Guid
    """The subscription, in lower case."""

    tenant_id: _Guid
    """The Entra tenant that the subscription trusts, in lower case."""

    location: str = Field(pattern=r"^[a-z]+[a-z0-9]*$")  # pyright: ignore[reportIncompatibleMethodOverride]
    """The region, for example `eastus2`."""

    network: _AdoptedNetwork | None = None
    """An existing network to use. Omitted: one is created from the spec's `network`."""

    existing: _Adopted | None = None
    """Existing keys, stores, cluster, image repositories and identities to use. Omitted: all are created."""

    shared_file_system: _FileSystem | None = None
    """An existing Lustre file system, which every namespace of jobs mounts by the claim `shared`. Omitted: none."""

    hub: _Hub | None = None
    """The network that the created one is peered with. Omitted: none."""

    incarnation: str = Field(default="", pattern=r"^[a-z0-9]{0,8}$")
    """Part of names that stay taken after a destroy (vaults, workspaces). Change it before building again."""

    deletion_policy: bool = True
    """In protected environments, let a policy deny the deletion of stores, vaults, registries, clusters.

    Needs the right to assign policies. Locks are not used, because they would also block the revocation of access.
    """

    features_size: Literal[
        "Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10", "Balanced_B20", "Balanced_B50"
    ] = "Balanced_B0"
    """Size of the Redis that keeps features online: 0.5 GB of memory, or as many as the number says. A full one
    refuses what is newly filled. It grows in place; a smaller one is refused while the values do not fit."""

    register_features: bool = False
    """Register the subscription's features that the platform uses (encryption at host, shared InfiniBand).

    Omitted: the plan lists the commands that a person runs once per subscription.
    """

    host_encryption: bool = True
    """Encrypt the nodes' caches and temporary disks on the host; a few machine sizes cannot.

    Disks are encrypted with the platform's key either way.
    """

    defender_for_containers: bool = False
    """Enable Defender for Containers, which scans pushed images; it covers the whole subscription, for a charge."""

    callers_app_id: _Guid | None = None
    """Client id of an Entra application whose tokens callers of Container Apps present.

    Its tokens have version 2 and contain people's security groups. Omitted: one is registered, for which the deployer
    needs the Graph permission `Application.ReadWrite.OwnedBy`.
    """

    kubernetes_patch: int | None = Field(default=None, ge=0, le=99)
    """Patch release of `training.kubernetes_version`, for example 4 for 1.35.4; raised like a minor version, by `up`.

    Omitted: the newest when the cluster is made; the plan says how to raise it.
    """

    subscription_audit: bool = False
    """Send the subscription's activity log to the log workspace. Only one platform per subscription may."""

    @model_validator(mode="after")
    @refuses
    def _two_ids(self) -> Iterator[FieldProblem]:
        if self.subscription_id == self.tenant_id:
            yield FieldProblem(
                ("tenant_id",),
                "the id of the Entra tenant, which is never that of the subscription",
                "write what `az account show --query tenantId` prints",
                fields=(("subscription_id",),),
            )

    def resource(self, group: str, kind: str, *names: str) -> str:
        """The id of a resource by its type and known names."""
        provider, *types = kind.split("/")
        path = "/".join(f"{part}/{name}" for part, name in zip(types, names, strict=True))
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{group}/providers/{provider}/{path}"

    def role(self, guid: str) -> str:
        """The id of a built-in role definition."""
        return f"/subscriptions/{self.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{guid}"


_NETWORKS = "mlplatform.backends.azure.adopted_network"
__getattr__ = former_names(
    __name__,
    {
        "AdoptedNetwork": f"{_NETWORKS}:AzureAdoptedNetwork",
        "AzureAdoptedNetwork": f"{_NETWORKS}:AzureAdoptedNetwork",
        "AzureHub": f"{_NETWORKS}:AzureHub",
    },
)
