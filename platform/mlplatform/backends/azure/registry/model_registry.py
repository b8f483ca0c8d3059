"""The machine learning workspace: model groups, datastores over the artifact store, and the ground of endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.artifact_store import storage_account
from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.foundation.foundation import group
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.network.zones import region_zones
from mlplatform.backends.azure.references import of
from mlplatform.backends.azure.registry import assets, outbound, workspace_access
from mlplatform.backends.azure.registry.parts import AzureImages, AzureWorkspace
from mlplatform.backends.azure.roles import RoleName, assign
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.registry import ImageRegistry
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.registry import RegistrySpec

_LOGS = ("AmlComputeClusterEvent", "AmlRunStatusChangedEvent", "ComputeInstanceEvent", "DataStoreChangeEvent")
_CHANGES = ("EnvironmentChangeEvent", "ModelsActionEvent", "ModelsChangeEvent", "RunEvent")
"""https://learn.microsoft.com/azure/machine-learning/monitor-azure-machine-learning-reference#resource-logs"""


@dataclass(frozen=True, kw_only=True)
class AzureModels(AzureWorkspace):
    """The workspace, with what its endpoints share."""

    caller_role_id: pulumi.Output[str]
    """Role definition that lets somebody send requests to an online endpoint, and nothing else."""

    datastores: Mapping[Place, ml.Datastore]
    """Datastore by place."""

    shared: dict[str, object] = field(default_factory=dict[str, object])
    """What the first endpoint that needs it makes for all (the environment of sleeping ones)."""

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions of this workspace."""
        parts = native(identity.parts, AzureIdentity)
        role: RoleName = "ml-data-scientist" if access == "register" else "reader"
        parts.grants.extend(
            assign(self.scope, "models", role, on=self.workspace_id, to=principal) for principal in parts.principals
        )

    def folder(self, place: Place, path: str) -> str:
        """The long address of a folder in a place, as assets of this workspace name it."""
        target = self.scope.target(AzureTarget)
        return (
            f"azureml://subscriptions/{target.subscription_id}/resourcegroups/{self.group_name}"
            f"/workspaces/{self.workspace_name}/datastores/{place}/paths/{path.strip('/')}/"
        )

    @property
    def group_name(self) -> str:
        """Physical name of the resource group."""
        return physical(self.scope.spec, "resource-group", "rg")


def build(scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys) -> AzureModels:
    """A private workspace with its own storage, network, key and identity, and the spec's model groups."""
    target, ground = scope.target(AzureTarget), group(scope)
    vaults, logs = native(keys.parts, AzureKeys), native(scope.context.telemetry.parts, AzureTelemetry)
    registry, places = native(images.parts, AzureImages), native(store.parts, AzureStore)
    net = native(scope.context.network.parts, AzureNetwork)
    name, key = physical(scope.spec, "ml-workspace", "ml"), vaults.keys["serving"]
    account_name = physical(scope.spec, "storage-account", "ml")
    account = storage_account.make(
        scope,
        "storage",
        name=account_name,
        location=target.location,
        redundancy="Standard_ZRS" if region_zones(target.location) else "Standard_LRS",
        key=vaults.keys["store"],
        vault=vaults.vault,
        protect=scope.defaults.protected,
    )
    deleted = storage_account.keep_deleted(scope, "storage", account, account_name)
    if scope.spec.artifact_store.access_logs:
        diagnostics.blob_access(scope, "storage", of=account.id, to=logs.workspace_id, after=deleted)
    identity = managedidentity.UserAssignedIdentity(
        scope.child("identity"),
        resource_name_=physical(scope.spec, "identity", "ml"),
        resource_group_name=ground.group_name,
        location=target.location,
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = workspace_access.rights(scope, identity, account, vaults, registry, logs)
    blob = endpoints_private.connect(scope, "ml", within=net, target=account.id, group="blob")
    file = endpoints_private.connect(scope, "ml", within=net, target=account.id, group="file", depends_on=blob)
    workspace = ml.Workspace(
        scope.child("workspace"),
        workspace_name=name,
        resource_group_name=ground.group_name,
        location=target.location,
        kind="Default",
        sku=ml.SkuArgs(name="Basic", tier=ml.SkuTier.BASIC),
        friendly_name=f"{scope.spec.name} {scope.spec.environment}",
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
            outbound_rules=dict(outbound.rules(scope, places)),
        ),
        # otherwise the first deployment waits half an hour for the network
        provision_network_now=bool(scope.spec.endpoints),
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
    ready: list[pulumi.Resource] = [workspace]
    ready += endpoints_private.connect(scope, "ml", within=net, target=workspace.id, group="amlworkspace")
    diagnostics.send(scope, "workspace", of=workspace.id, to=logs.workspace_id, logs=_LOGS + _CHANGES)
    datastores = assets.datastores(scope, places, of(workspace, name))
    groups = assets.groups(scope, spec, of(workspace, name))
    return AzureModels(
        groups={model: container.id for model, container in groups.items()},
        scope=scope,
        workspace_id=workspace.id,
        workspace_name=name,
        ready=(*ready, *datastores.values()),
        caller_role_id=workspace_access.caller_role(scope).id,
        datastores=datastores,
    )
