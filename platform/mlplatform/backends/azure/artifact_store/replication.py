"""A copy of the store in a second region, by object replication.

Geo-redundant accounts copy to the paired region only and cannot be read there; object replication takes the
region that the target names, https://learn.microsoft.com/azure/storage/blobs/object-replication-overview
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.artifact_store import lifecycle, storage_account
from mlplatform.backends.azure.foundation.foundation import group
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.network.zones import region_zones
from mlplatform.backends.azure.references import of
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.components.context import Scope

if TYPE_CHECKING:
    from mlplatform.backends.azure.artifact_store.artifact_store import Account


def build(
    scope: Scope, source: Account, keys: AzureKeys, net: AzureNetwork, access_to: pulumi.Output[str] | None
) -> tuple[pulumi.Resource, ...]:
    """A second account with the same containers, and the policy on both ends; access goes to `access_to`, if any.

    An account receives from two others at most, so each account of the store has a copy of its own.

    Returns:
        What a client of the copy comes after.
    """
    role = f"replica-{source.role}"
    region = scope.target(AzureTarget).replica_region or ""
    name = physical(scope.spec, "storage-account", f"replica-{source.role}")
    # keys and accounts may lie in different regions
    account = storage_account.make(
        scope,
        role,
        name=name,
        location=region,
        redundancy="Standard_ZRS" if region_zones(region) else "Standard_LRS",
        key=keys.keys["store"],
        vault=keys.vault,
        protect=scope.defaults.protected,
    )
    services = storage_account.keep_deleted(scope, role, account, name, days=30, versioned=True)
    if access_to is not None:
        diagnostics.blob_access(scope, role, of=account.id, to=access_to, after=services)
    lifecycle.build(scope, role, account, source.places, versioned=True)
    containers = [
        storage.BlobContainer(
            scope.child(f"{role}-{place.place}"),
            container_name=place.place,
            account_name=of(account, name),
            resource_group_name=group(scope).group_name,
            public_access=storage.PublicAccess.NONE,
            opts=scope.opts(depends_on=[services], protect=scope.defaults.protected and not place.disposable),
        )
        for place in source.places
    ]
    _policies(scope, source, account, name, [source.services, services, *containers])
    return endpoints_private.connect(scope, f"store-{role}", within=net, target=account.id, group="blob")


def _policies(
    scope: Scope,
    source: Account,
    account: storage.StorageAccount,
    name: str,
    after: Sequence[pulumi.Resource],
) -> None:
    def rule(place: str, rule_id: pulumi.Output[str] | None = None) -> storage.ObjectReplicationPolicyRuleArgs:
        return storage.ObjectReplicationPolicyRuleArgs(
            source_container=place, destination_container=place, rule_id=rule_id
        )

    # the destination's policy comes first and gives policy and rules their ids
    received = storage.ObjectReplicationPolicy(
        scope.child(f"replica-{source.role}-receives"),
        account_name=of(account, name),
        resource_group_name=group(scope).group_name,
        object_replication_policy_id="default",
        source_account=source.account.id,
        destination_account=account.id,
        rules=[rule(place.place) for place in source.places],
        opts=scope.opts(depends_on=after),
    )
    storage.ObjectReplicationPolicy(
        scope.child(f"{source.role}-sends"),
        account_name=of(source.account, source.name),
        resource_group_name=group(scope).group_name,
        object_replication_policy_id=received.policy_id,
        source_account=source.account.id,
        destination_account=account.id,
        rules=[rule(place.place, _rule_id(received, index)) for index, place in enumerate(source.places)],
        opts=scope.opts(depends_on=after),
    )


def _rule_id(policy: storage.ObjectReplicationPolicy, index: int) -> pulumi.Output[str]:
    return policy.rules.apply(lambda rules: (rules[index].rule_id if rules else None) or "")
