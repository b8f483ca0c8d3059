"""Azure Managed Lustre in the zone of the pools, in a subnet and with a key of its own."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import storagecache

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.file_system_names import content_hash
from mlplatform.backends.azure.training.file_system_sizes import TIB, TIERS
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.file_system import FileSystemParts
from mlplatform.components.file_system_sizes import capacity_taken, zone_number
from mlplatform.components.scope import Scope
from mlplatform.spec.file_system import SharedFileSystemSpec


def build(scope: Scope, spec: SharedFileSystemSpec, cluster: Cluster) -> FileSystemParts:
    """The file system. Its key and vault are the keys' room's, its subnet the network's.

    Raises:
        ValueError: network or keys are existing ones, given to the components in Python: they have no place for it.
    """
    del cluster
    net, keys = native(scope.context.network.parts, AzureNetwork), native(scope.context.keys.parts, AzureKeys)
    if "files" not in net.subnets or keys.files_key is None or keys.files_vault is None:
        raise ValueError(
            f"{scope.name}: an existing network has no subnet for a file system, and existing keys none that it can "
            "use: name an existing file system in the target's shared_file_system"
        )
    capacity = capacity_taken(spec, TIERS)
    zone = net.zones[zone_number(scope.spec, scope.context.target, net.zones) - 1] if net.zones else ""
    lustre = storagecache.AmlFilesystem(
        scope.child("lustre"),
        # the name holds all that only a replacement changes
        aml_filesystem_name=physical_name(scope.spec, "file-system", f"shared-{content_hash(spec, capacity, zone)}"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        sku=storagecache.SkuNameArgs(name=f"AMLFS-Durable-Premium-{spec.throughput}"),
        storage_capacity_ti_b=float(capacity // TIB),
        zones=[zone] if zone else None,
        filesystem_subnet=net.subnets["files"],
        identity=storagecache.AmlFilesystemIdentityArgs(
            type=storagecache.AmlFilesystemIdentityType.USER_ASSIGNED,
            user_assigned_identities=[keys.files_key.identity_id],
        ),
        encryption_settings=storagecache.AmlFilesystemEncryptionSettingsArgs(
            key_encryption_key=storagecache.KeyVaultKeyReferenceArgs(
                key_url=keys.files_key.versioned_uri,
                source_vault=storagecache.KeyVaultKeyReferenceSourceVaultArgs(id=keys.files_vault.id),
            )
        ),
        # half an hour of the cluster's own days
        maintenance_window=storagecache.AmlFilesystemMaintenanceWindowArgs(
            day_of_week=storagecache.MaintenanceDayOfWeekType.SUNDAY, time_of_day_utc="03:00"
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*net.ready, *keys.files_key.ready], protect=scope.defaults.protected),
    )
    return FileSystemParts(address={"address": _address(lustre)}, capacity_gib=capacity)


def _address(lustre: storagecache.AmlFilesystem) -> pulumi.Output[str]:
    return lustre.client_info.apply(lambda client: client.mgs_address)
