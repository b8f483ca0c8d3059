"""Identities and rights of the cluster and its nodes, and the encryption of their disks."""

from __future__ import annotations

from functools import partial

import pulumi
from pulumi_azure_native import compute

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record


@record(kw_only=True)
class ClusterIdentity:
    """A managed identity of the cluster itself."""

    identity_id: pulumi.Output[str]
    """Resource id."""

    client_id: pulumi.Output[str]
    """Client id."""

    principal: AzurePrincipal
    """Principal for roles."""


def prepare_rights(
    scope: Scope, net: AzureNetwork, vaults: AzureKeys, images: AzureImages
) -> tuple[ClusterIdentity, ClusterIdentity, pulumi.Output[str], list[pulumi.Resource]]:
    """Make identities of control plane and nodes, the disk encryption set, and the rights that precede the cluster."""
    control, kubelet = _cluster_identity(scope, "control"), _cluster_identity(scope, "kubelet")
    key = vaults.keys["cluster"]
    # Azure refuses a cluster whose identity cannot use its roles yet
    assign = partial(assign_role, scope, to=control.principal, awaited=True)
    rights: list[pulumi.Resource] = [*key.ready]
    for role, subnet in _subnets(net).items():
        rights.append(assign(f"join-{role}", "network-contributor", on=subnet))
    rights += [
        assign("act-as-nodes", "identity-operator", on=kubelet.identity_id),
        assign("encrypt-secrets", "key-crypto-user", on=key.id),
        # AKS creates its own private endpoint to the vault
        assign("reach-vault", "vault-contributor", on=vaults.vault.id),
        assign_role(scope, "images", "acr-pull", on=images.registry_id, to=kubelet.principal),
    ]
    disks = _disk_encryption(scope, vaults)
    rights.append(assign("encrypt-disks", "reader", on=disks.id))
    return control, kubelet, disks.id, rights


def _subnets(net: AzureNetwork) -> dict[str, pulumi.Output[str]]:
    nodes = {f"nodes-{index}": subnet for index, subnet in enumerate(net.node_subnet_ids, start=1)}
    return {**nodes, "api": net.subnets["api"]}


def _cluster_identity(scope: Scope, role: str) -> ClusterIdentity:
    identity = make_managed_identity(scope, role, f"cluster-{role}")
    return ClusterIdentity(
        identity_id=identity.id,
        client_id=identity.client_id,
        principal=principal_of(identity, role),
    )


def _disk_encryption(scope: Scope, vaults: AzureKeys) -> compute.DiskEncryptionSet:
    key = vaults.keys["volumes"]
    return compute.DiskEncryptionSet(
        scope.child("disks"),
        disk_encryption_set_name=physical_name(scope.spec, "disk-encryption-set", "disks"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        encryption_type=compute.DiskEncryptionSetType.ENCRYPTION_AT_REST_WITH_CUSTOMER_KEY,
        identity=compute.EncryptionSetIdentityArgs(
            type=compute.DiskEncryptionSetIdentityType.USER_ASSIGNED,
            user_assigned_identities=[key.identity_id],
        ),
        active_key=compute.KeyForDiskEncryptionSetArgs(
            key_url=key.versioned_uri, source_vault=compute.SourceVaultArgs(id=vaults.vault.id)
        ),
        rotation_to_latest_key_version_enabled=True,
        tags=scope.tags,
        # Azure follows each new version of the key
        opts=scope.opts(depends_on=key.ready, protect=scope.defaults.protected, ignore_changes=["activeKey.keyUrl"]),
    )
