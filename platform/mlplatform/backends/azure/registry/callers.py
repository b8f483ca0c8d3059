"""The Entra application whose tokens callers of apps present: of sleeping endpoints, and of a tracking server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from mlplatform.backends.azure.foundation.templates import deploy_directory_objects
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.registry.callers_name import unique_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope


def callers_application(scope: Scope) -> pulumi.Output[str]:
    """Client id of the target's application, or of one that the platform registers."""
    existing = scope.target(AzureTarget).callers_app_id
    if existing:
        return pulumi.Output.from_input(existing)
    unique = unique_name(scope.spec)
    deployment = deploy_directory_objects(
        scope,
        "callers",
        name=physical_name(scope.spec, "setting", "callers"),
        contents={
            "application": {
                "type": "Microsoft.Graph/applications@v1.0",
                "properties": {
                    "uniqueName": unique,
                    "displayName": f"{platform_name(scope.spec, ' ')} endpoints",
                    "signInAudience": "AzureADMyOrg",
                    # people are admitted by their group, and only this adds it to their tokens
                    "groupMembershipClaims": "SecurityGroup",
                    # version 2 tokens have the client id as audience; people request them by this permission
                    "api": {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [_permission(scope)]},
                },
            },
            "principal": {
                "type": "Microsoft.Graph/servicePrincipals@v1.0",
                "dependsOn": ["application"],
                "properties": {"appId": "[reference('application').appId]"},
            },
        },
        outputs={"appId": "[reference('application').appId]"},
    )
    scope.note(
        "targets.callers_app_id",
        "registers an Entra application for callers of Container Apps: the deployer needs the Microsoft Graph "
        "permission Application.ReadWrite.OwnedBy; otherwise name an existing application",
    )
    # a deployment has no outputs before it exists: waiting for its id waits for them
    return pulumi.Output.all(deployment.id, deployment.properties).apply(lambda values: _client_id(values[1]))


def _permission(scope: Scope) -> dict[str, object]:
    what = f"Send requests to the endpoints of {platform_name(scope.spec, ' ')}"
    return {
        "id": guid(scope.spec, "callers", "invoke"),
        "value": "invoke",
        "type": "User",
        "isEnabled": True,
        "adminConsentDisplayName": what,
        "adminConsentDescription": f"{what} as the person who signed in",
        "userConsentDisplayName": what,
        "userConsentDescription": f"{what} as you",
    }


def _client_id(properties: Mapping[str, Any]) -> str:
    try:
        return str(properties["outputs"]["appId"]["value"])
    except (KeyError, TypeError) as error:
        raise pulumi.RunError(
            "the deployment of the callers' application returned no client id: check that the deployer may register "
            "applications, or name an existing one in AzureTarget(callers_app_id=…)"
        ) from error
