"""The container registry: private, encrypted, cached upstreams, old images removed."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerregistry

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.regions import region_zones
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.registry import clean_up
from mlplatform.backends.azure.registry.cache_login import make_cache_login
from mlplatform.backends.azure.registry.existing_registry import use_existing_registry
from mlplatform.backends.azure.registry.limits import LOGIN_ONLY
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.repositories import CACHES
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec, login_keys


def build(scope: Scope, spec: RegistrySpec, keys: Keys) -> AzureImages:
    """The registry with caches, clean-up and private endpoint; an existing one is only connected."""
    if scope.context.existing.registry:
        net = native(scope.context.network.parts, AzureNetwork)
        return use_existing_registry(scope, spec, scope.context.existing.registry, net)
    key = native(keys.parts, AzureKeys).keys["registry"]
    net = native(scope.context.network.parts, AzureNetwork)
    logs = native(scope.context.telemetry.parts, AzureTelemetry)
    target = scope.target(AzureTarget)
    name = physical_name(scope.spec, "registry", "images")
    registry = containerregistry.Registry(
        scope.child("registry"),
        registry_name=name,
        resource_group_name=resource_group(scope).group_name,
        location=target.location,
        # private endpoints, customer-managed keys and retention need Premium
        sku=containerregistry.SkuArgs(name=containerregistry.SkuName.PREMIUM),
        admin_user_enabled=False,
        anonymous_pull_enabled=False,
        data_endpoint_enabled=True,
        public_network_access=containerregistry.PublicNetworkAccess.DISABLED,
        network_rule_bypass_options=containerregistry.NetworkRuleBypassOptions.AZURE_SERVICES,
        network_rule_set=containerregistry.NetworkRuleSetArgs(default_action=containerregistry.DefaultAction.DENY),
        zone_redundancy=containerregistry.ZoneRedundancy.ENABLED
        if region_zones(target.location)
        else containerregistry.ZoneRedundancy.DISABLED,
        identity=containerregistry.IdentityPropertiesArgs(
            type=containerregistry.ResourceIdentityType.USER_ASSIGNED,
            user_assigned_identities={key.identity_path: containerregistry.UserIdentityPropertiesArgs()},
        ),
        encryption=containerregistry.EncryptionPropertyArgs(
            status=containerregistry.EncryptionStatus.ENABLED,
            key_vault_properties=containerregistry.KeyVaultPropertiesArgs(
                key_identifier=key.uri, identity=key.client_id
            ),
        ),
        policies=containerregistry.PoliciesArgs(
            export_policy=containerregistry.ExportPolicyArgs(status=containerregistry.ExportPolicyStatus.DISABLED),
            retention_policy=containerregistry.RetentionPolicyArgs(
                status=containerregistry.PolicyStatus.ENABLED, days=spec.untagged_days
            ),
            quarantine_policy=containerregistry.QuarantinePolicyArgs(status=containerregistry.PolicyStatus.DISABLED),
            azure_ad_authentication_as_arm_policy=containerregistry.AzureADAuthenticationAsArmPolicyArgs(
                status=containerregistry.AzureADAuthenticationAsArmPolicyStatus.ENABLED
            ),
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=key.ready, protect=scope.defaults.protected),
    )
    server = known_output(registry, f"{name}.azurecr.io")
    for upstream in spec.pull_through:
        login, rights = (
            make_cache_login(scope, upstream, native(keys.parts, AzureKeys), known_output(registry, name))
            if upstream in (*spec.logins, *LOGIN_ONLY)
            else (None, [])
        )
        containerregistry.CacheRule(
            scope.child(f"cache-{CACHES[upstream]}"),
            cache_rule_name=CACHES[upstream],
            registry_name=known_output(registry, name),
            resource_group_name=resource_group(scope).group_name,
            source_repository=f"{upstream}/*",
            target_repository=f"{CACHES[upstream]}/*",
            credential_set_resource_id=login.id if login else None,
            opts=scope.opts(depends_on=rights),
        )
    diagnostics.send_logs(
        scope,
        "registry",
        of=registry.id,
        to=logs.workspace_id,
        logs=["ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents"],
    )
    ready = endpoints_private.connect_privately(scope, "images", within=net, target=registry.id, group="registry")
    clean_up.schedule_clean_up(scope, spec, registry, name)
    _notes(scope, spec, target)
    return AzureImages(
        scope=scope,
        addresses={repository: pulumi.Output.concat(server, "/", repository) for repository in spec.repositories},
        registry_id=registry.id,
        login_server=server,
        ready=ready,
    )


def _notes(scope: Scope, spec: RegistrySpec, target: AzureTarget) -> None:
    for upstream in LOGIN_ONLY:
        if upstream in spec.pull_through and upstream not in spec.logins:
            user, token = login_keys(upstream)
            scope.note(
                "registry.pull_through",
                f"Container Registry caches {upstream} only with a login, also for public images: before `up`, set the "
                f"secrets mlplatform:{user} and mlplatform:{token} (pulumi config set --secret)",
            )
    if spec.immutable_tags is None:
        scope.note(
            "registry.immutable_tags",
            "Azure can lock only single tags, after the push: the platform deploys by digest, and CI may lock tags",
        )
    if spec.scan_on_push is None and not target.defender_for_containers:
        scope.note(
            "registry.scan_on_push",
            "images are not scanned: that needs Defender for Containers on the whole subscription; "
            "set defender_for_containers in the Azure target",
        )
