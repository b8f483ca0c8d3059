"""Settings of one Azure subscription and region."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.backends.azure.adopted import AzureAdopted
from mlplatform.backends.azure.file_system import AzureFileSystem
from mlplatform.deprecation import former_names
from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References, by_key, by_position
from mlplatform.spec.target import Target

_Guid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
_NETWORK = r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network"
_Subnet = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+/subnets/[^/]+$")]
_Zone = Annotated[str, StringConstraints(pattern=rf"^{_NETWORK}/privateDnsZones/[^/]+$")]


class AzureAdoptedNetwork(SpecModel):
    """An existing virtual network. Its owner keeps control of egress, security groups and flow logs."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"node_subnet_ids"})

    vnet_id: str = Field(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+$")
    """Resource id of the virtual network, in the target's location."""

    node_subnet_ids: tuple[_Subnet, ...] = Field(min_length=1, max_length=3)
    """Subnets for cluster nodes: one for all zones, or one for each zone in the target's order."""

    endpoint_subnet_id: _Subnet
    """Subnet for private endpoints."""

    api_subnet_id: _Subnet
    """Subnet for the cluster's API server, /28 or larger and delegated to
    `Microsoft.ContainerService/managedClusters`."""

    apps_subnet_id: _Subnet | None = None
    """Subnet for endpoints that scale to zero, /27 or larger and delegated to `Microsoft.App/environments`.

    Omitted: such endpoints are refused.
    """

    dns_zone_ids: dict[str, _Zone] = Field(default_factory=dict)
    """Existing private DNS zones by name (`privatelink.vaultcore.azure.net`), linked to the network already.

    Omitted zones are created and linked.
    """

    egress: Literal["nat", "firewall"] = "nat"
    """Egress of nodes: a NAT gateway on their subnets, or a route table to a firewall."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {
            **by_position("node_subnet_ids", self.node_subnet_ids),
            "endpoint_subnet_id": self.endpoint_subnet_id,
            "api_subnet_id": self.api_subnet_id,
            "apps_subnet_id": self.apps_subnet_id,
        }
        yield by_key("dns_zone_ids", self.dns_zone_ids)


class AzureHub(SpecModel):
    """The organisation's hub network. Needs `access.entry` to be `peering`."""

    vnet_id: str = Field(pattern=rf"^{_NETWORK}/virtualNetworks/[^/]+$")
    """Resource id of the hub's network; its owner makes the other half of the peering."""

    gateway: bool = False
    """Use the hub's VPN or ExpressRoute gateway. Azure refuses that until the hub's half exists and allows it: set it
    in a second `up`."""

    link_dns: bool = False
    """Link the platform's private DNS zones to the hub, for a hub that has no zones of these names itself."""


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

    network: AzureAdoptedNetwork | None = None
    """An existing network to use. Omitted: one is created from the spec's `network`."""

    existing: AzureAdopted | None = None
    """Existing keys, stores, cluster, image repositories and identities to use. Omitted: all are created."""

    shared_file_system: AzureFileSystem | None = None
    """An existing Lustre file system, which every namespace of jobs mounts by the claim `shared`. Omitted: none."""

    hub: AzureHub | None = None
    """The network that the created one is peered with. Omitted: none."""

    incarnation: str = Field(default="", pattern=r"^[a-z0-9]{0,8}$")
    """Part of names that stay taken after a destroy (vaults, workspaces). Change it before building again."""

    deletion_policy: bool = True
    """In protected environments, let a policy deny the deletion of stores, vaults, registries, clusters.

    Needs the right to assign policies. Locks are not used, because they would also block the revocation of access.
    """

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
    """Client id of an Entra application whose tokens callers of sleeping endpoints present.

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


__getattr__ = former_names(__name__, {"AdoptedNetwork": AzureAdoptedNetwork})
