"""Parts of one platform as existing resources of another one on Azure. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.existing import (
    AzureExistingCluster,
    AzureExistingContainer,
    AzureExistingKeys,
    AzureExistingNetwork,
    AzureExistingRegistry,
    AzureExistingStore,
)
from mlplatform.backends.azure.foundation.references import resource_name
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.training.parts import AzureAnyCluster
from mlplatform.components.existing import ExistingPart, known_after


def build(parts: object) -> ExistingPart:
    """Describe the parts by their ids.

    Raises:
        TypeError: another platform cannot use parts of this type.
    """
    match parts:
        case AzureNetwork():
            return _network(parts)
        case AzureKeys():
            return AzureExistingKeys(
                vault_id=parts.vault.id,
                names={
                    purpose: known_after(key.id.apply(resource_name), key.ready) for purpose, key in parts.keys.items()
                },
                registry_vault_id=parts.registry_vault.id,
            )
        case AzureStore():
            return AzureExistingStore(
                containers={
                    place: AzureExistingContainer(
                        account_id=known_after(container.account_id, parts.ready), name=container.name
                    )
                    for place, container in parts.containers.items()
                }
            )
        case AzureImages():
            return AzureExistingRegistry(registry_id=parts.registry_id, login_server=parts.login_server)
        case AzureAnyCluster():
            return AzureExistingCluster(
                cluster_name=known_after(parts.cluster_name, parts.ready),
                group_name=parts.group_name,
                node_subnet_ids=parts.node_subnet_ids,
                issuer_url=parts.issuer,
                control_plane_principal_id=parts.control.id if parts.control else None,
            )
        case _:
            raise TypeError(f"another platform cannot use {type(parts).__name__} as existing")


def _network(parts: AzureNetwork) -> AzureExistingNetwork:
    apps = parts.subnets.get("apps")
    return AzureExistingNetwork(
        vnet_id=parts.network_id,
        node_subnet_ids=[known_after(subnet, parts.ready) for subnet in parts.node_subnet_ids],
        endpoint_subnet_id=known_after(parts.subnets["endpoints"], parts.dns_ready),
        api_subnet_id=known_after(parts.subnets["api"], parts.ready),
        apps_subnet_id=None if apps is None else known_after(apps, parts.ready),
        dns_zone_ids=parts.dns_zone_ids,
        egress=parts.egress,
    )
