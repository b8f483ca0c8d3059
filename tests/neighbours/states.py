"""States as Terraform writes them, of the modules that teams use, cut down to the attributes that are read.

Written by hand from the published schemas of the providers and the addresses of the modules:
https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws, …/eks/aws;
https://registry.terraform.io/modules/terraform-google-modules/network/google, …/kubernetes-engine/google;
https://registry.terraform.io/modules/Azure/avm-res-network-virtualnetwork/azurerm, …/Azure/aks/azurerm.
The two forms: https://developer.hashicorp.com/terraform/internals/json-format and the state file's format 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SUBSCRIPTION = "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/net/providers"
VNET = f"{SUBSCRIPTION}/Microsoft.Network/virtualNetworks/hub"


@dataclass(frozen=True)
class Thing:
    """One instance of a resource."""

    address: str
    attributes: Mapping[str, object]
    sensitive: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, str, str, str | int | None]:
        """Module, type, name, index."""
        head, bracket, rest = self.address.partition("[") if self.address.endswith("]") else (self.address, "", "")
        if bracket and "." in rest:
            cut = self.address.rindex("[")
            head, rest = self.address[:cut], self.address[cut + 1 :]
        *module, type_, name = head.split(".")
        key = rest.rstrip("]")
        return ".".join(module), type_, name, key.strip('"') if '"' in key else int(key) if key else None


def state_file(things: Iterable[Thing], outputs: Mapping[str, object] | None = None) -> dict[str, object]:
    """A state file of format 4."""
    resources: list[dict[str, object]] = []
    for thing in things:
        module, type_, name, index = thing.parts
        instance: dict[str, object] = {
            "schema_version": 0,
            "attributes": thing.attributes,
            "sensitive_attributes": [[{"type": "get_attr", "value": each}] for each in thing.sensitive],
        }
        if index is not None:
            instance["index_key"] = index
        resource: dict[str, object] = {"mode": "managed", "type": type_, "name": name, "instances": [instance]}
        resource["provider"] = 'provider["registry.terraform.io/hashicorp/x"]'
        resources.append({**resource, "module": module} if module else resource)
    data = {
        "mode": "data",
        "type": "aws_vpc",
        "name": "d",
        "instances": [{"attributes": {"id": "vpc-0000000000000000d"}}],
    }
    named = {name: {"value": value, "type": "string"} for name, value in (outputs or {}).items()}
    head = {"version": 4, "terraform_version": "1.9.8", "serial": 7, "lineage": "l"}
    return {**head, "outputs": named, "resources": [data, *resources], "check_results": None}


def shown(things: Iterable[Thing]) -> dict[str, object]:
    """The document of `terraform show -json`."""
    modules: dict[str, list[dict[str, object]]] = {}
    for thing in things:
        module, type_, name, index = thing.parts
        resource: dict[str, object] = {
            "address": thing.address,
            "mode": "managed",
            "type": type_,
            "name": name,
            "values": thing.attributes,
            "sensitive_values": {"tags": {}, **dict.fromkeys(thing.sensitive, True)},
        }
        modules.setdefault(module, []).append({**resource, "index": index} if index is not None else resource)
    children = [{"address": module, "resources": each} for module, each in modules.items() if module]
    root = {"resources": modules.get("", []), "child_modules": children}
    return {"format_version": "1.0", "terraform_version": "1.9.8", "values": {"outputs": {}, "root_module": root}}


def aws_vpc(module: str = "vpc", number: int = 1) -> list[Thing]:
    """terraform-aws-modules/vpc with public, private and database subnets in two zones."""
    at, vpc = f"module.{module}", f"vpc-{number:017x}"
    things = [
        Thing(f"{at}.aws_vpc.this[0]", {"id": vpc, "cidr_block": f"10.{number}.0.0/16"}),
        Thing(f"{at}.aws_internet_gateway.this[0]", {"id": f"igw-{number:017x}", "vpc_id": vpc}),
        Thing(f"{at}.aws_route_table.public[0]", {"id": f"rtb-{number:017x}", "vpc_id": vpc, "route": []}),
        Thing(
            f"{at}.aws_route.public_internet_gateway[0]",
            {"route_table_id": f"rtb-{number:017x}", "gateway_id": f"igw-{number:017x}"},
        ),
        Thing(
            f"{at}.aws_vpc_ipv4_cidr_block_association.this[0]",
            {"id": "vpc-cidr-assoc-1", "vpc_id": vpc, "cidr_block": "100.64.0.0/16"},
        ),
    ]
    for kind, offset in (("public", 10), ("private", 20), ("database", 30)):
        for index, zone in enumerate(("us-east-1a", "us-east-1b")):
            id_ = f"subnet-{number * 100 + offset + index:017x}"
            attributes = {"id": id_, "vpc_id": vpc, "availability_zone": zone, "map_public_ip_on_launch": False}
            things.append(Thing(f"{at}.aws_subnet.{kind}[{index}]", {**attributes, "tags": {}}))
            if kind == "public":
                association = {"subnet_id": id_, "route_table_id": f"rtb-{number:017x}"}
                things.append(Thing(f"{at}.aws_route_table_association.public[{index}]", association))
    return things


def aws_platform() -> list[Thing]:
    """The network with a cluster, repositories, a bucket, a key and a password."""
    role = "arn:aws:iam::123456789012:role/nodes"
    repository = "arn:aws:ecr:us-east-1:123456789012:repository/acme/serving"
    key = "arn:aws:kms:us-east-1:123456789012:key/00000000-1111-2222-3333-444444444444"
    return [
        *aws_vpc(),
        Thing("module.eks.aws_eks_cluster.this[0]", {"id": "acme", "name": "acme", "version": "1.33"}),
        Thing(
            'module.eks.module.eks_managed_node_group["a.b"].aws_eks_node_group.this[0]',
            {"id": "acme:a", "cluster_name": "acme", "node_role_arn": role},
        ),
        Thing('aws_ecr_repository.all["serving"]', {"id": "acme/serving", "name": "acme/serving", "arn": repository}),
        Thing("aws_s3_bucket.data", {"id": "acme-data", "bucket": "acme-data", "arn": "arn:aws:s3:::acme-data"}),
        Thing("aws_kms_key.main", {"id": "00000000-1111-2222-3333-444444444444", "arn": key}),
        Thing(
            "aws_db_instance.main", {"id": "db", "name": "db", "password": "hunter2"}, sensitive=("password", "name")
        ),
    ]


def gcp_platform() -> list[Thing]:
    """terraform-google-modules/network and /kubernetes-engine, with a repository."""
    link = "https://www.googleapis.com/compute/v1/projects/acme-net"
    network = f"{link}/global/networks/shared"
    ranges = [
        {"range_name": "gke-pods", "ip_cidr_range": "10.8.0.0/14"},
        {"range_name": "gke-svc", "ip_cidr_range": "10.12.0.0/20"},
    ]
    nodes = {"name": "nodes", "id": "projects/acme-net/regions/us-central1/subnetworks/nodes", "network": network}
    policy = {"cluster_secondary_range_name": "gke-pods", "services_secondary_range_name": "gke-svc"}
    cluster = {
        "id": "projects/acme-net/locations/us-central1/clusters/acme",
        "name": "acme",
        "location": "us-central1",
        "subnetwork": f"{link}/regions/us-central1/subnetworks/nodes",
        "node_locations": ["us-central1-b", "us-central1-a"],
        "ip_allocation_policy": [policy],
    }
    account = [{"service_account": "nodes@acme-net.iam.gserviceaccount.com"}]
    return [
        Thing(
            "module.network.module.vpc.google_compute_network.network",
            {"id": "projects/acme-net/global/networks/shared", "name": "shared"},
        ),
        Thing(
            'module.network.module.subnets.google_compute_subnetwork.subnetwork["us-central1/nodes"]',
            {**nodes, "purpose": "PRIVATE", "secondary_ip_range": ranges},
        ),
        Thing(
            'module.network.module.subnets.google_compute_subnetwork.subnetwork["us-central1/lb"]',
            {**nodes, "name": "lb", "id": "x", "purpose": "REGIONAL_MANAGED_PROXY", "secondary_ip_range": []},
        ),
        Thing("module.gke.google_container_cluster.primary", cluster),
        Thing(
            'module.gke.google_container_node_pool.pools["system"]',
            {"id": "p", "cluster": "acme", "node_config": account},
        ),
        Thing(
            "google_artifact_registry_repository.images",
            {
                "id": "projects/acme-net/locations/us-central1/repositories/serving",
                "format": "DOCKER",
                "name": "serving",
            },
        ),
        Thing("google_storage_bucket.data", {"id": "acme-data", "name": "acme-data"}),
    ]


def azure_network() -> list[Thing]:
    """A network of the provider's own resources, with private endpoints that are told by their subnet's name."""

    def subnet(name: str, service: str = "") -> Thing:
        delegation = [{"name": "d", "service_delegation": [{"name": service, "actions": []}]}] if service else []
        attributes = {"id": f"{VNET}/subnets/{name}", "name": name, "delegation": delegation}
        return Thing(f"azurerm_subnet.{name}", attributes)

    return [
        Thing("azurerm_virtual_network.hub", {"id": VNET, "name": "hub", "address_space": ["10.0.0.0/16"]}),
        subnet("nodes"),
        subnet("endpoints"),
        subnet("api", "Microsoft.ContainerService/managedClusters"),
        subnet("apps", "Microsoft.App/environments"),
        subnet("database", "Microsoft.DBforPostgreSQL/flexibleServers"),
    ]


def azure_platform() -> list[Thing]:
    """A network of the verified module, an AKS cluster, a registry and private zones."""
    subnets = f"{VNET}/subnets"

    def subnet(name: str, service: str = "") -> dict[str, object]:
        body = {"properties": {"delegations": [{"properties": {"serviceName": service}}] if service else []}}
        kind = "Microsoft.Network/virtualNetworks/subnets@2023-11-01"
        return {"id": f"{subnets}/{name}", "name": name, "type": kind, "body": {"value": body, "type": "dynamic"}}

    zone = f"{SUBSCRIPTION}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"
    registry = f"{SUBSCRIPTION}/Microsoft.ContainerRegistry/registries/acmeimages"
    at = 'module.vnet.module.subnet["{}"].azapi_resource.subnet'
    return [
        Thing(
            "module.vnet.azapi_resource.vnet",
            {"id": VNET, "name": "hub", "type": "Microsoft.Network/virtualNetworks@2023-11-01"},
        ),
        Thing(at.format("nodes"), subnet("nodes")),
        Thing(at.format("pe"), subnet("pe")),
        Thing(at.format("api"), subnet("api", "Microsoft.ContainerService/managedClusters")),
        Thing(at.format("apps"), subnet("apps", "Microsoft.App/environments")),
        Thing("azurerm_private_endpoint.vault", {"id": "e", "subnet_id": f"{subnets}/pe"}),
        Thing("azurerm_private_dns_zone.vault", {"id": zone, "name": "privatelink.vaultcore.azure.net"}),
        Thing(
            "module.aks.azurerm_kubernetes_cluster.main",
            {
                "id": "c",
                "name": "acme",
                "resource_group_name": "net",
                "default_node_pool": [{"vnet_subnet_id": f"{subnets}/nodes"}],
                "oidc_issuer_url": "https://oidc.example/",
                "kube_config_raw": "hunter2",
            },
            sensitive=("kube_config_raw",),
        ),
        Thing("azurerm_container_registry.images", {"id": registry, "name": "acmeimages", "sku": "Premium"}),
    ]
