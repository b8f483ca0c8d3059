"""Rights to start Vertex AI's jobs and pipelines, and what the jobs themselves need.

Google's role `aiplatform.user` also deploys models. Therefore the platform has a role of its own, without endpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_gcp import projects, serviceaccount

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.registry.vertex_service import ensure_vertex_service
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity

if TYPE_CHECKING:
    from mlplatform.backends.gcp.registry.parts import GcpModels

_JOB_KINDS = ("batchPredictionJobs", "customJobs", "hyperparameterTuningJobs", "pipelineJobs", "trainingPipelines")
_RECORDS = ("artifacts", "contexts", "executions")
PERMISSIONS = (
    *(f"aiplatform.{kind}.{verb}" for kind in _JOB_KINDS for verb in ("cancel", "create", "get", "list")),
    # the record of a pipeline's steps
    *(f"aiplatform.{kind}.{verb}" for kind in _RECORDS for verb in ("create", "get", "list", "update")),
    "aiplatform.contexts.addContextArtifactsAndExecutions",
    "aiplatform.contexts.queryContextLineageSubgraph",
    "aiplatform.executions.addExecutionEvents",
    "aiplatform.executions.queryExecutionInputsAndOutputs",
    "aiplatform.locations.get",
    "aiplatform.locations.list",
    "aiplatform.metadataSchemas.get",
    "aiplatform.metadataSchemas.list",
    "aiplatform.metadataStores.create",
    "aiplatform.metadataStores.get",
    "aiplatform.metadataStores.list",
    "aiplatform.operations.list",
)
"""Permissions of who starts jobs; https://docs.cloud.google.com/vertex-ai/docs/general/iam-permissions"""

_RUN = ("roles/logging.logWriter", "roles/monitoring.metricWriter")
"""What the jobs themselves need in the project."""


def grant_jobs(models: GcpModels, identity: Identity, runs_as: Identity) -> None:
    """Grant the starter's role, the right to act as the jobs' account, and the jobs' own rights if they are its own."""
    scope = models.scope
    role = models.share(projects.IAMCustomRole, lambda: _make_role(models))
    starter, runner = native(identity.parts, GcpIdentity), native(runs_as.parts, GcpIdentity)
    starter.allow(scope, "jobs", role.name)
    if runner.account_name:
        for name, member in starter.grantees("jobs-act-as"):
            starter.grants.append(
                serviceaccount.IAMMember(
                    scope.child(name),
                    service_account_id=runner.account_name,
                    role="roles/iam.serviceAccountUser",
                    member=member,
                    opts=scope.opts(),
                )
            )
    if identity is runs_as:
        for right in _RUN:
            runner.allow(scope, slug(right.removeprefix("roles/")), right)


def _make_role(models: GcpModels) -> projects.IAMCustomRole:
    scope, foundation = models.scope, models.keys.foundation
    service = ensure_vertex_service(models)
    return projects.IAMCustomRole(
        scope.child("job-starter"),
        project=scope.target(GcpTarget).project,
        # underscores are the only separator that a role's id may have
        role_id=f"{scope.spec.name}_{scope.spec.environment}_job_starter".replace("-", "_"),
        title=f"{scope.spec.name} {scope.spec.environment}: starts jobs",
        description="Starts, watches and stops jobs and pipelines of Vertex AI; deploys nothing",
        permissions=sorted(PERMISSIONS),
        stage="GA",
        opts=scope.opts(depends_on=[service, *foundation.after("iam")]),
    )
