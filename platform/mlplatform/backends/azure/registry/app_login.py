"""Authentication of an app: it answers only Entra tokens of its callers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pulumi
from pulumi_azure_native import app

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope


def admit_callers(
    scope: Scope,
    name: pulumi.Output[str],
    application_id: pulumi.Output[str],
    own: pulumi.Output[str],
    callers: Sequence[AzurePrincipal],
) -> None:
    """Let the app answer only its callers.

    Args:
        scope: the app's owner.
        name: the app, known beforehand: else each preview of a change of the app replaces its login.
        application_id: client id of the application that tokens are meant for.
        own: object id of the app's own identity: an empty list would admit everybody.
        callers: grows while the program runs; read at the end of it.
    """
    issuer = f"https://login.microsoftonline.com/{scope.target(AzureTarget).tenant_id}/v2.0"
    app.ContainerAppsAuthConfig(
        scope.child("auth"),
        auth_config_name="current",
        container_app_name=name,
        resource_group_name=resource_group(scope).group_name,
        platform=app.AuthPlatformArgs(enabled=True),
        http_settings=app.HttpSettingsArgs(require_https=True),
        global_validation=app.GlobalValidationArgs(
            unauthenticated_client_action=app.UnauthenticatedClientActionV2.RETURN401
        ),
        identity_providers=app.IdentityProvidersArgs(
            azure_active_directory=app.AzureActiveDirectoryArgs(
                enabled=True,
                registration=app.AzureActiveDirectoryRegistrationArgs(client_id=application_id, open_id_issuer=issuer),
                validation=app.AzureActiveDirectoryValidationArgs(
                    allowed_audiences=[application_id, pulumi.Output.concat("api://", application_id)],
                    default_authorization_policy=app.DefaultAuthorizationPolicyArgs(
                        allowed_principals=app.AllowedPrincipalsArgs(
                            identities=pulumi.Output.all(own, _caller_ids(callers, "ServicePrincipal")).apply(
                                lambda ids: sorted({ids[0], *ids[1]})
                            ),
                            groups=_caller_ids(callers, "Group"),
                        )
                    ),
                ),
            )
        ),
        opts=scope.opts(),
    )


def _caller_ids(
    callers: Sequence[AzurePrincipal], kind: Literal["ServicePrincipal", "Group"]
) -> pulumi.Output[list[str]]:
    """Object ids of the callers; outputs are resolved only after the program has made every grant."""

    def ids(_: str) -> pulumi.Output[list[str]]:
        return pulumi.Output.all(*(caller.id for caller in callers if caller.kind == kind)).apply(sorted)

    return pulumi.Output.from_input("").apply(ids)
