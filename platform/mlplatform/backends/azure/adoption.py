"""Azure resources that can be adopted from another tool's outputs, named as in Azure's own modules. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.adopted_state import existing_of, network_of, zones_of
from mlplatform.components.adopted_parts import is_whole, refuse_other_cloud
from mlplatform.components.adoption import Given
from mlplatform.spec.artifact_store import PLACES

_NETWORK = r"/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+"
_SUBNET = rf"{_NETWORK}/subnets/[^/]+"
_KEY = r"https://[a-z0-9-]+\.vault\.azure\.net/keys/[^/]+(/[0-9a-f]+)?"


def build(given: Given) -> dict[str, dict[str, object]]:
    """Fields of the target, and existing resources for the component library.

    https://registry.terraform.io/modules/Azure/avm-res-network-virtualnetwork/azurerm/latest?tab=outputs
    """
    refuse_other_cloud(given, "azurerm_", "azapi_")
    target: dict[str, object] = {}
    if network := _network(given):
        target["network"] = network
    existing: dict[str, object] = {}
    names = {
        place: given.text(
            f"existing.containers.{place}",
            r"[a-z0-9](-?[a-z0-9]){2,62}",
            f"{place}_container",
            f"{place}_container_name",
        )
        for place in PLACES
    }
    if containers := {place: name for place, name in names.items() if name}:
        existing["containers"] = containers
    if account := given.text("existing.storage_account", r"[a-z0-9]{3,24}", "storage_account_name"):
        existing["storage_account"] = account
    if key := given.text("existing.keys.default", _KEY, "key_vault_key_id", "key_id"):
        existing["keys"] = {"default": key}
    if given.resources and (parts := existing_of(given)):
        target["existing"] = parts
    return {"target": target, "existing": existing}


def _network(given: Given) -> dict[str, object]:
    nodes = given.texts("network.node_subnet_ids", _SUBNET, "node_subnet_ids", "node_subnet_id", "aks_subnet_id")
    required: dict[str, object] = {
        "vnet_id": given.text("network.vnet_id", _NETWORK, "vnet_id", "virtual_network_id"),
        "node_subnet_ids": nodes,
        "endpoint_subnet_id": given.text(
            "network.endpoint_subnet_id", _SUBNET, "endpoint_subnet_id", "private_endpoint_subnet_id"
        ),
        "api_subnet_id": given.text("network.api_subnet_id", _SUBNET, "api_subnet_id", "api_server_subnet_id"),
    }
    apps = given.text("network.apps_subnet_id", _SUBNET, "apps_subnet_id", "container_apps_subnet_id")
    zone = r"/subscriptions/.+/privateDnsZones/[^/]+"
    zones = given.mapping("network.dns_zone_ids", zone, "dns_zone_ids", "private_dns_zone_ids")
    in_state = network_of(given, required)
    required = {field: value or in_state.get(field) for field, value in required.items()}
    if not is_whole(given, "network", required):
        return {}
    optional = {"apps_subnet_id": apps or in_state.get("apps_subnet_id"), "dns_zone_ids": zones or zones_of(given)}
    return {**required, **{field: value for field, value in optional.items() if value}}
