"""The tracking server as a Container App, whose sign-in lets in its callers alone.

Clients write artefacts to the store themselves: a request to an app ends after four minutes
(https://learn.microsoft.com/azure/container-apps/ingress-overview), which an upload through the server may not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import app

from mlplatform.backends.azure.addresses import place_container
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry import app_login, apps
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.backends.azure.tracking.client import server_name
from mlplatform.cluster.tracking.server import HEALTH_PATH, MLFLOW, SERVER_PORT, direct_command
from mlplatform.cluster.tracking.start import start_script, start_variables
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import ManagedTracking, TrackingDatabase
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import TrackingSpec

_NOTE = (
    "the tracking server is reached from the platform's network alone, at the address in the output trackingUri, with "
    "a token for the callers' application of who was granted; clients write artefacts to the store with the same "
    "login, and whoever may log a run may change and delete every other"
)
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
_START_FAILURES = 30
"""Failures of the startup probe that Azure has always allowed, ten seconds apart: a start may take five minutes,
https://github.com/hashicorp/terraform-provider-azurerm/pull/31989"""


@dataclass(frozen=True, kw_only=True)
class AzureTrackingService(ManagedTracking):
    """A Container App."""

    callers: list[AzurePrincipal] = field(default_factory=list[AzurePrincipal])
    """Who may call; read at the end of the program."""

    def grant(self, identity: Identity) -> None:
        """Let an identity call the server, with an Entra token for the callers' application."""
        self.callers.extend(native(identity.parts, AzureIdentity).principals)


def build(
    scope: Scope,
    spec: TrackingSpec,
    sizes: TrackingSizes,
    identity: Identity,
    database: TrackingDatabase,
    store: ArtifactStore,
    models: ModelRegistry,
) -> AzureTrackingService:
    """The app, as the identity that logs in to the database.

    Raises:
        TypeError: the identity is no managed identity.
    """
    del store
    account, environment = native(identity.parts, AzureIdentity), apps.shared_environment(models)
    acts_as, client_id = account.identity_id, account.client_id
    if acts_as is None or client_id is None:
        raise TypeError(f"{scope.name}: a tracking server needs a managed identity, not a group of people")
    name = server_name(scope.spec)
    host = pulumi.Output.concat(f"{name}.", environment.domain)
    server = app.ContainerApp(
        scope.child("service"),
        container_app_name=name,
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        environment_id=environment.id,
        workload_profile_name=apps.CONSUMPTION,
        identity=app.ManagedServiceIdentityArgs(
            type=app.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[acts_as]
        ),
        configuration=app.ConfigurationArgs(
            # a new revision takes over only when it is ready
            active_revisions_mode=app.ActiveRevisionsMode.SINGLE,
            ingress=apps.private_ingress(SERVER_PORT),
            identity_settings=[
                app.IdentitySettingsArgs(identity=acts_as, lifecycle=app.IdentitySettingsLifeCycle.MAIN)
            ],
        ),
        template=app.TemplateArgs(
            containers=[_server(scope, spec.image or MLFLOW, database, host, client_id)],
            # a start takes a minute or more, so it never sleeps
            scale=app.ScaleArgs(min_replicas=sizes.replicas, max_replicas=sizes.replicas),
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*account.grants, *environment.ready]),
    )
    made = AzureTrackingService(uri=pulumi.Output.concat("https://", host), note=_NOTE, clients_write=True)
    application = apps.shared_application(models)
    app_login.admit_callers(scope, known_output(server, name), application.client_id, account.principal, made.callers)
    logs = native(scope.context.telemetry.parts, AzureTelemetry)
    diagnostics.send_logs(scope, "service", of=server.id, to=logs.workspace_id, metrics=True)
    return made


def _server(
    scope: Scope, image: str, database: TrackingDatabase, host: pulumi.Output[str], client_id: pulumi.Output[str]
) -> app.ContainerArgs:
    place, folder = ARTIFACTS
    account, container = place_container(scope.spec, place)
    artifacts = f"wasbs://{container}@{account}.blob.core.windows.net/{folder}"
    values: dict[str, pulumi.Input[str]] = {
        **start_variables(),
        "PGHOST": database.host,
        "PGUSER": database.user,
        # the server's certificate is of a public authority
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": _AUTHORITIES,
        "TRACKING_LOGIN": "entra-identity",
        "TRACKING_HOST": host,
        "AZURE_CLIENT_ID": client_id,
    }
    script = start_script(direct_command(artifacts, "-"), {"-": "TRACKING_HOST"})
    return app.ContainerArgs(
        name="mlflow",
        image=image,
        command=["sh", "-c"],
        args=[script],
        env=[app.EnvironmentVarArgs(name=name, value=value) for name, value in sorted(values.items())],
        resources=app.ContainerResourcesArgs(cpu=2.0, memory="4Gi"),
        # none of these asks for a token: they do not pass the sign-in
        probes=[
            _probe(app.Type.STARTUP, _START_FAILURES, 10),
            _probe(app.Type.READINESS, 3, 10),
            _probe(app.Type.LIVENESS, 4, 30),
        ],
    )


def _probe(kind: app.Type, failures: int, seconds: int) -> app.ContainerAppProbeArgs:
    return app.ContainerAppProbeArgs(
        type=kind,
        http_get=app.ContainerAppProbeHttpGetArgs(path=HEALTH_PATH, port=SERVER_PORT),
        period_seconds=seconds,
        timeout_seconds=10 if seconds > 10 else 5,
        failure_threshold=failures,
    )
