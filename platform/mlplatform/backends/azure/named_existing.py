"""The existing resources that a target names, as components take them. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.azure.existing import (
    AzureExistingCluster,
    AzureExistingContainer,
    AzureExistingKeys,
    AzureExistingRegistry,
    AzureExistingStore,
)
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.existing import Existing
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.target import Target


def build(target: Target) -> Existing:
    """The parts that the target's `existing` names."""
    named = typed_target(target, AzureTarget).existing
    if named is None:
        return Existing()
    keys, store, cluster = named.keys, named.store, named.cluster
    return Existing(
        keys=AzureExistingKeys(
            vault_id=keys.vault_id, default=keys.default, names=keys.names, registry_vault_id=keys.registry_vault_id
        )
        if keys
        else None,
        store=AzureExistingStore(
            containers={
                place: AzureExistingContainer(account_id=each.account_id, name=each.name)
                for place, each in store.containers.items()
            }
        )
        if store
        else None,
        cluster=AzureExistingCluster(
            cluster_name=cluster.cluster_name,
            group_name=cluster.group_name,
            node_subnet_ids=cluster.node_subnet_ids,
            issuer_url=cluster.issuer_url,
            control_plane_principal_id=cluster.control_plane_principal_id,
        )
        if cluster
        else None,
        registry=AzureExistingRegistry(registry_id=named.registry.registry_id, login_server=named.registry.login_server)
        if named.registry
        else None,
    )
