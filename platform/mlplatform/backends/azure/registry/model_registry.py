"""The machine learning workspace: model groups, datastores over the artifact store, and host of endpoints."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry import assets, image_builds, outbound, workspace_access
from mlplatform.backends.azure.registry.parts import AzureImages, AzureModels
from mlplatform.backends.azure.storage.storage_account import keep_deleted_blobs, make_storage_account
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import platform_name
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec

_LOGS = ("AmlComputeClusterEvent", "AmlRunStatusChangedEvent", "ComputeInstanceEvent", "DataStoreChangeEvent")
_CHANGES = ("EnvironmentChangeEvent", "ModelsActionEvent", "ModelsChangeEvent", "RunEvent")
"""https://learn.microsoft.com/azure/machine-learning/monitor-azure-machine-learning-reference#resource-logs"""


def build(scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys) -> AzureModels:
    """A private workspace with its own storage, network, key and identity, and the spec's model groups."""
    target, group = scope.target(AzureTarget), resource_group(scope)
    vaults, logs = native(keys.parts, AzureKeys), native(scope.context.telemetry.parts, AzureTelemetry)
    registry, places = native(images.parts, AzureImages), native(store.parts, AzureStore)
    net = native(scope.context.network.parts, AzureNetwork)
    name, key = physical_name(scope.spec, "ml-workspace", "ml"), vaults.keys["serving"]
    account_name = physical_name(scope.spec, "storage-account", "ml")
    account = make_storage_account(
        scope,
        "storage",
        name=account_name,
        location=target.location,
        key=vaults.keys["store"],
        vault=vaults.vault,
        protect=scope.defaults.protected,
    )
    deleted = keep_deleted_blobs(scope, "storage", account, account_name)
    if scope.spec.artifact_store.access_logs:
        diagnostics.record_blob_access(scope, "storage", of=account.id, to=logs.workspace_id, after=deleted)
    identity = make_managed_identity(scope, "identity", "ml")
    rights = workspace_access.grant_workspace_rights(scope, identity, account, vaults, registry, logs)
    blob = endpoints_private.connect_privately(scope, "ml", within=net, target=account.id, group="blob")
    file = endpoints_private.connect_privately(
        scope, "ml", within=net, target=account.id, group="file", depends_on=blob
    )
    workspace_access.grant_endpoint_reading(scope, identity, {"blob": blob[0], "file": file[0]})
    workspace = ml.Workspace(
        scope.child("workspace"),
        workspace_name=name,
        resource_group_name=group.group_name,
        location=target.location,
        kind="Default",
        sku=ml.SkuArgs(name="Basic", tier=ml.SkuTier.BASIC),
        friendly_name=platform_name(scope.spec, " "),
        identity=ml.ManagedServiceIdentityArgs(
            type=ml.ManagedServiceIdentityType.USER_ASSIGNED,
            user_assigned_identities=[identity.id, key.identity_id],
        ),
        primary_user_assigned_identity=identity.id,
        storage_account=account.id,
        key_vault=vaults.secrets.id,
        application_insights=logs.insights_id,
        container_registry=registry.registry_id,
        system_datastores_auth_mode="Identity",
        public_network_access=ml.PublicNetworkAccessType.DISABLED,
        allow_public_access_when_behind_vnet=False,
        v1_legacy_mode=False,
        hbi_workspace=scope.spec.data_class in ("confidential", "restricted"),
        encryption=ml.EncryptionPropertyArgs(
            status=ml.EncryptionStatus.ENABLED,
            key_vault_properties=ml.KeyVaultPropertiesArgs(
                key_identifier=key.versioned_uri, key_vault_arm_id=vaults.vault.id
            ),
            identity=ml.IdentityForCmkArgs(user_assigned_identity=key.identity_id),
        ),
        enable_service_side_cmk_encryption=True,
        managed_network=ml.ManagedNetworkSettingsArgs(
            isolation_mode=ml.IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND,
            firewall_sku=ml.FirewallSku.BASIC,
            outbound_rules=dict(outbound.outbound_rules(scope, places, vaults)),
        ),
        # heard only at creation; the builder below provisions the network of an older workspace
        provision_network_now=True,
        image_build_compute=image_builds.BUILDER,
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*rights, *key.ready, *registry.ready, *places.ready, *blob, *file],
            protect=scope.defaults.protected,
            # Azure refuses these changes instead of replacing; the flag only matters at creation
            replace_on_changes=["storageAccount", "keyVault"],
            ignore_changes=["provisionNetworkNow"],
            timeouts={"create": "90m"},
        ),
    )
    known_name = known_output(workspace, name)
    builder = image_builds.make_image_builder(scope, known_name, identity, rights)
    ready: list[pulumi.Resource] = [workspace, builder]
    ready += endpoints_private.connect_privately(scope, "ml", within=net, target=workspace.id, group="amlworkspace")
    diagnostics.send_logs(scope, "workspace", of=workspace.id, to=logs.workspace_id, logs=_LOGS + _CHANGES)
    datastores = assets.make_datastores(scope, places, known_name)
    groups = assets.make_model_groups(scope, spec, known_name)
    return AzureModels(
        groups={model: container.id for model, container in groups.items()},
        scope=scope,
        workspace_id=workspace.id,
        storage_id=account.id,
        workspace_name=name,
        ready=(*ready, *datastores.values()),
        caller_role_id=workspace_access.make_caller_role(scope).id,
        datastores=datastores,
    )
