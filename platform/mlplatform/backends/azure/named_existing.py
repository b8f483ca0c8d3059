"""The existing resources that a target names, as components take them. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.azure.adopted import AzureAdoptedIdentity
from mlplatform.backends.azure.existing import (
    AzureExistingCluster,
    AzureExistingContainer,
    AzureExistingIdentities,
    AzureExistingIdentity,
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
        identities=AzureExistingIdentities(
            training=_identity(identities.training),
            pipelines=_identity(identities.pipelines),
            ci=_identity(identities.ci),
            endpoints={name: _known(each) for name, each in identities.endpoints.items()},
        )
        if (identities := named.identities)
        else None,
    )


def _identity(named: AzureAdoptedIdentity | None) -> AzureExistingIdentity | None:
    return _known(named) if named else None


def _known(named: AzureAdoptedIdentity) -> AzureExistingIdentity:
    return AzureExistingIdentity(id=named.id, principal_id=named.principal_id, client_id=named.client_id)
