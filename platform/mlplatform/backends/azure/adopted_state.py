"""What a Terraform state on Azure has that a target can use. Imports no SDK.

Attributes: https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs; modules of Azure Verified Modules use
`azapi_resource` (https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.components.adopted_parts import note_choices, note_rest
from mlplatform.components.adoption import Given
from mlplatform.components.foreign_resource import ForeignResource

_NETWORK = r"/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+"
_SUBNET = rf"{_NETWORK}/subnets/[^/]+"
_GENERIC = "azapi_resource"
_READ = (
    "azurerm_virtual_network", "azurerm_subnet", "azurerm_private_endpoint", "azurerm_private_dns_zone",
    "azurerm_kubernetes_cluster", "azurerm_container_registry", "azurerm_storage_account", "azurerm_key_vault_key",
    _GENERIC,
)  # fmt: skip
_API = "Microsoft.ContainerService/managedClusters"
_APPS = "Microsoft.App/environments"


def network_of(given: Given, known: Mapping[str, object]) -> dict[str, object]:
    """The network and its subnets by their use, as far as they are not known; several of one use are refused."""
    vnet = known["vnet_id"]
    found: dict[str, object] = {}
    if not vnet:
        network = given.only("network.vnet_id", _NETWORK, _of(given, "azurerm_virtual_network", "virtualNetworks"))
        if network is None:
            return {}
        vnet = found["vnet_id"] = network.text("id")
    inside = [
        each
        for each in _of(given, "azurerm_subnet", "virtualNetworks/subnets")
        if each.text("id").lower().startswith(f"{str(vnet).lower()}/subnets/")
    ]
    nodes = {each.inner("default_node_pool", "vnet_subnet_id") for each in given.of("azurerm_kubernetes_cluster")}
    endpoints = {each.text("subnet_id") for each in given.of("azurerm_private_endpoint")}
    uses = {
        "node_subnet_ids": [each for each in inside if each.text("id") in nodes] or _named(inside, "node", "aks"),
        "endpoint_subnet_id": [each for each in inside if each.text("id") in endpoints] or _named(inside, "endpoint"),
        "api_subnet_id": [each for each in inside if _API in _delegated(each)],
        "apps_subnet_id": [each for each in inside if _APPS in _delegated(each)],
    }
    for field, candidates in uses.items():
        chosen = given.chosen(f"network.{field}")
        if known.get(field) or chosen:
            continue
        if subnet := given.only(f"network.{field}", _SUBNET, candidates):
            found[field] = [subnet.text("id")] if field == "node_subnet_ids" else subnet.text("id")
    return found


def zones_of(given: Given) -> dict[str, str]:
    """Private DNS zones by name."""
    found = {
        each.text("name"): each.text("id")
        for each in _of(given, "azurerm_private_dns_zone", "privateDnsZones")
        if each.text("name").startswith("privatelink.")
    }
    if found:
        given.used["network.dns_zone_ids"] = f"{len(found)} private DNS zones"
    return dict(sorted(found.items()))


def existing_of(given: Given) -> dict[str, object]:
    """A cluster and a registry, as a target's `existing` has them; the rest is noted."""
    existing: dict[str, object] = {}
    if cluster := _cluster(given):
        existing["cluster"] = cluster
    premium = [each for each in given.of("azurerm_container_registry") if each.text("sku").lower() == "premium"]
    if registry := given.only("existing.registry", r".+", premium):
        existing["registry"] = {"registry_id": registry.text("id")}
    for each in given.of("azurerm_container_registry"):
        if each not in premium:
            given.notes.append(f"{each.address} ({each.text('name')}): not used, it is not of the Premium tier")
    fields = {
        "azurerm_storage_account": "existing.storage_account",
        "azurerm_key_vault_key": "existing.keys.default",
    }
    note_choices(given, fields, lambda each: each.text("id") or each.text("name"))
    note_rest(given, _READ)
    return existing


def _cluster(given: Given) -> dict[str, object]:
    cluster = given.only("existing.cluster", r".+", given.of("azurerm_kubernetes_cluster"))
    if cluster is None:
        return {}
    subnet = cluster.inner("default_node_pool", "vnet_subnet_id")
    if not subnet:
        given.used.pop("existing.cluster")
        given.notes.append(f"{cluster.address}: not used, its nodes have no subnet of their own")
        return {}
    part: dict[str, object] = {
        "cluster_name": cluster.text("name"),
        "group_name": cluster.text("resource_group_name"),
        "node_subnet_ids": [subnet],
    }
    issuer = cluster.text("oidc_issuer_url")
    return {**part, "issuer_url": issuer} if issuer else part


def _of(given: Given, type_: str, kind: str) -> tuple[ForeignResource, ...]:
    """Resources of one kind, of the provider or of the generic one."""
    generic = (
        each for each in given.of(_GENERIC) if each.text("type").partition("@")[0] == f"Microsoft.Network/{kind}"
    )
    return (*given.of(type_), *generic)


def _named(subnets: list[ForeignResource], *words: str) -> list[ForeignResource]:
    """Subnets with a word in their name and without a service of their own."""
    return [each for each in subnets if any(word in each.text("name") for word in words) and not _delegated(each)]


def _delegated(subnet: ForeignResource) -> tuple[str, ...]:
    """The services that a subnet is delegated to."""
    return tuple(_services(subnet))


def _services(subnet: ForeignResource) -> Iterator[str]:
    for block in subnet.blocks("delegation"):
        inner = ForeignResource(address="", type="", values=block).inner("service_delegation", "name")
        if inner:
            yield inner
    # the generic provider keeps the request as it was sent
    if subnet.type == _GENERIC:
        yield from (service for service in (_API, _APPS) if service in str(subnet.values.get("body", "")))
