"""Settings of the subscription, each only when the target asks for it.

A template sets them, because the provider cannot create what exists: a subscription always has every Defender plan,
and it has a feature once any platform has registered it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import resources

from mlplatform.backends.azure.foundation.registrations import needed_features
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope


def apply_subscription_settings(scope: Scope) -> list[pulumi.Resource]:
    """Apply the settings that the target asks for; for other features, note the command."""
    target = scope.target(AzureTarget)
    contents: list[Mapping[str, object]] = []
    for namespace, name in needed_features(scope.spec):
        if target.register_features:
            contents.append(
                {
                    "type": "Microsoft.Features/featureProviders/subscriptionFeatureRegistrations",
                    "apiVersion": "2021-07-01",
                    "name": f"{namespace}/{name}",
                    "properties": {},
                }
            )
        scope.note(
            "targets[azure].register_features",
            "once per subscription, before the first `up`: "
            + ("" if target.register_features else f"az feature register --namespace {namespace} --name {name}; ")
            + f"az provider register --namespace {namespace}",
        )
    if target.defender_for_containers:
        contents.append(
            {
                "type": "Microsoft.Security/pricings",
                "apiVersion": "2024-01-01",
                "name": "Containers",
                "properties": {"pricingTier": "Standard"},
            }
        )
    return [_deploy(scope, contents)] if contents else []


def _deploy(scope: Scope, contents: list[Mapping[str, object]]) -> pulumi.Resource:
    return resources.DeploymentAtSubscriptionScope(
        scope.child("subscription"),
        deployment_name=physical_name(scope.spec, "setting", "subscription"),
        location=scope.target(AzureTarget).location,
        properties=resources.DeploymentPropertiesArgs(
            mode=resources.DeploymentMode.INCREMENTAL,
            template={
                "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
                "contentVersion": "1.0.0.0",
                "resources": [dict(content) for content in contents],
            },
        ),
        tags=scope.tags,
        # other platforms may use the settings: deleting the deployment leaves them
        opts=scope.opts(),
    )
