"""The Entra application that callers of sleeping endpoints ask a token for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from mlplatform.backends.azure.foundation.templates import deploy_directory_objects
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.context import Scope


def callers_application(scope: Scope) -> pulumi.Output[str]:
    """Client id of the target's application, or of one that is registered."""
    given = scope.target(AzureTarget).callers_app_id
    if given:
        return pulumi.Output.from_input(given)
    unique = f"{physical_name(scope.spec, 'setting', 'callers')}-{guid(scope.spec, 'callers')[:8]}"
    made = deploy_directory_objects(
        scope,
        "callers",
        name=physical_name(scope.spec, "setting", "callers"),
        contents={
            "application": {
                "type": "Microsoft.Graph/applications@v1.0",
                "properties": {
                    "uniqueName": unique,
                    "displayName": f"{scope.spec.name} {scope.spec.environment} endpoints",
                    "signInAudience": "AzureADMyOrg",
                    # people are let in by their group, and only this brings it into their tokens
                    "groupMembershipClaims": "SecurityGroup",
                    # tokens whose audience is the client id; people ask for them by this permission
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
        "registers an Entra application for callers of sleeping endpoints: the deployer needs the Microsoft Graph "
        "permission Application.ReadWrite.OwnedBy, or name an existing application",
    )
    # before it exists a deployment knows its template and no outputs: only its id tells
    return pulumi.Output.all(made.id, made.properties).apply(lambda found: _client_id(found[1]))


def _permission(scope: Scope) -> dict[str, object]:
    what = f"Send requests to the endpoints of {scope.spec.name} {scope.spec.environment}"
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
            "the deployment of the callers' application gave no client id: see whether the deployer may register "
            "applications, or name an existing one in AzureTarget(callers_app_id=…)"
        ) from error
