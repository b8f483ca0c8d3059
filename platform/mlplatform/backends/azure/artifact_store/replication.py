"""A copy of the store in a second region, by object replication.

Geo-redundant accounts copy only to the paired region and cannot be read there; object replication uses the region
that the target names, https://learn.microsoft.com/azure/storage/blobs/object-replication-overview
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.artifact_store.account import StoreAccount
from mlplatform.backends.azure.artifact_store.lifecycle import add_lifecycle
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.storage.storage_account import keep_deleted_blobs, make_storage_account
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.components.scope import Scope


def replicate_account(
    scope: Scope, source: StoreAccount, keys: AzureKeys, net: AzureNetwork, access_to: pulumi.Output[str] | None
) -> tuple[pulumi.Resource, ...]:
    """Make a second account with the same containers, and the policy on both ends; access logs go to `access_to`.

    An account receives from at most two others, so each account of the store has its own copy.

    Returns:
        Prerequisites of the copy's clients.
    """
    role = f"replica-{source.role}"
    region = scope.target(AzureTarget).replica_region or ""
    name = physical_name(scope.spec, "storage-account", f"replica-{source.role}")
    # keys and accounts may be in different regions
    account = make_storage_account(
        scope,
        role,
        name=name,
        location=region,
        key=keys.keys["store"],
        vault=keys.vault,
        protect=scope.defaults.protected,
    )
    services = keep_deleted_blobs(scope, role, account, name, days=30, versioned=True)
    if access_to is not None:
        diagnostics.record_blob_access(scope, role, of=account.id, to=access_to, after=services)
    add_lifecycle(scope, role, known_output(account, name), source.places, versioned=True)
    containers = [
        storage.BlobContainer(
            scope.child(f"{role}-{place.place}"),
            container_name=place.place,
            account_name=known_output(account, name),
            resource_group_name=resource_group(scope).group_name,
            public_access=storage.PublicAccess.NONE,
            opts=scope.opts(depends_on=[services], protect=scope.defaults.protected and not place.disposable),
        )
        for place in source.places
    ]
    _policies(scope, source, account, name, [source.services, services, *containers])
    return endpoints_private.connect_privately(scope, f"store-{role}", within=net, target=account.id, group="blob")


def _policies(
    scope: Scope,
    source: StoreAccount,
    account: storage.StorageAccount,
    name: str,
    after: Sequence[pulumi.Resource],
) -> None:
    def rule(place: str, rule_id: pulumi.Output[str] | None = None) -> storage.ObjectReplicationPolicyRuleArgs:
        return storage.ObjectReplicationPolicyRuleArgs(
            source_container=place, destination_container=place, rule_id=rule_id
        )

    # the destination's policy comes first and assigns the ids of policy and rules
    received = storage.ObjectReplicationPolicy(
        scope.child(f"replica-{source.role}-receives"),
        account_name=known_output(account, name),
        resource_group_name=resource_group(scope).group_name,
        object_replication_policy_id="default",
        source_account=source.resource.id,
        destination_account=account.id,
        rules=[rule(place.place) for place in source.places],
        opts=scope.opts(depends_on=after),
    )
    storage.ObjectReplicationPolicy(
        scope.child(f"{source.role}-sends"),
        account_name=known_output(source.resource, source.name),
        resource_group_name=resource_group(scope).group_name,
        object_replication_policy_id=received.policy_id,
        source_account=source.resource.id,
        destination_account=account.id,
        rules=[rule(place.place, _rule_id(received, index)) for index, place in enumerate(source.places)],
        opts=scope.opts(depends_on=after),
    )


def _rule_id(policy: storage.ObjectReplicationPolicy, index: int) -> pulumi.Output[str]:
    return policy.rules.apply(lambda rules: (rules[index].rule_id if rules else None) or "")
