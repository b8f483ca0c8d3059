"""The logic app that moves an endpoint's traffic to new releases and rolls back on an alarm."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_azure_native import logic

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.foundation.templates import ML_API
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.serving.alarms import RollbackAlarms, live_requests
from mlplatform.backends.azure.serving.release_template import WORKSPACE_TYPE
from mlplatform.backends.azure.serving.rollout_workflow import workflow_definition
from mlplatform.backends.azure.serving.traffic import EndpointBody, is_live, release_mark, traffic_shares
from mlplatform.backends.azure.serving.variants import ReleasedVariant
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout, CanaryRollout

_ALARM_MINUTES = 15
"""Minutes until the alarm on failed requests fires: late records, a full window, one evaluation."""
_LATE_MINUTES = 10
"""Part of them in which records come and are evaluated: a watch lasts that much longer than the bake time."""


def make_rollout(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    *,
    endpoint: str,
    endpoint_id: pulumi.Output[str],
    body: EndpointBody,
    releases: Sequence[ReleasedVariant],
    rollback: RollbackAlarms,
    after: pulumi.Resource,
) -> logic.Workflow:
    """Make the logic app that moves traffic to the releases and rolls back on an alarm.

    Args:
        scope: the endpoint's.
        spec: the endpoint's.
        needs: components that the endpoint needs.
        endpoint: physical name of the endpoint.
        endpoint_id: resource id of the endpoint.
        body: the endpoint, without traffic.
        releases: releases to serve, and the shadow.
        rollback: alarms that roll back; they exist before any traffic moves.
        after: marks the releases as wanted.
    """
    target, group = scope.target(AzureTarget), resource_group(scope)
    models = native(needs.models.parts, AzureModels)
    identity = make_managed_identity(scope, "rollout-identity", f"{spec.name}-rollout")
    mover = principal_of(identity, "rollout")
    served_by = native(needs.identity.parts, AzureIdentity).identity_id
    rights = [
        assign_role(scope, "traffic", "ml-data-scientist", on=endpoint_id, to=mover),
        assign_role(scope, "alarms", "monitoring-reader", on=group.group_id, to=mover),
    ]
    if served_by is not None:
        # writing an endpoint includes assigning its identity
        rights.append(assign_role(scope, "identity", "identity-operator", on=served_by, to=mover))
    live = [release for release in releases if is_live(release, spec)]
    traffic = traffic_shares(live)
    steps, bake = _plan(spec)
    values: dict[str, tuple[logic.ParameterType, object]] = {
        "endpoint": (
            logic.ParameterType.STRING,
            target.resource(models.group_name, f"{WORKSPACE_TYPE}/onlineEndpoints", models.workspace_name, endpoint),
        ),
        "body": (logic.ParameterType.OBJECT, body.json),
        "release": (logic.ParameterType.STRING, release_mark(traffic)),
        "traffic": (logic.ParameterType.STRING, json.dumps(traffic, sort_keys=True)),
        "wanted": (
            logic.ParameterType.ARRAY,
            [{"variant": release.variant, "name": release.deployment, "weight": release.weight} for release in live],
        ),
        "keep": (logic.ParameterType.ARRAY, [release.deployment for release in releases]),
        "steps": (logic.ParameterType.ARRAY, list(steps)),
        "bake": (logic.ParameterType.INT, bake),
        "alerts": (
            logic.ParameterType.STRING,
            f"/subscriptions/{target.subscription_id}/resourceGroups/{models.group_name}"
            "/providers/Microsoft.AlertsManagement/alerts",
        ),
        "identity": (logic.ParameterType.STRING, identity.id),
    }
    least = spec.rollout.least_requests if isinstance(spec.rollout, CanaryRollout) else 0
    if least:
        # the query API is outside the resource manager, and knows the workspace by another id
        values["logs"] = (
            logic.ParameterType.STRING,
            native(scope.context.telemetry.parts, AzureTelemetry).customer_id,
        )
        values["busy"] = (logic.ParameterType.STRING, _busy_deployments(endpoint, spec, least))
    return logic.Workflow(
        scope.child("rollout"),
        workflow_name=physical_name(scope.spec, "logic-app", f"{spec.name}-rollout"),
        resource_group_name=group.group_name,
        location=target.location,
        state=logic.WorkflowState.ENABLED,
        identity=logic.ManagedServiceIdentityArgs(
            type=logic.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        definition=workflow_definition(alarm_names=rollback.names, api=ML_API, counted=bool(least)),
        parameters={
            name: logic.WorkflowParameterArgs(type=kind, value=value) for name, (kind, value) in values.items()
        },
        tags=scope.tags,
        opts=scope.opts(depends_on=[*rights, *rollback.rules, after]),
    )


def _busy_deployments(endpoint: str, spec: EndpointSpec, least: int) -> str:
    """The log query for the names of the deployments with enough requests."""
    return (
        f"{live_requests(endpoint, spec)}\n"
        "| summarize Requests = count() by DeploymentName\n"
        f"| where Requests >= {least}\n"
        "| project DeploymentName"
    )


def _plan(spec: EndpointSpec) -> tuple[tuple[int, ...], int]:
    match spec.rollout:
        case AllAtOnce():
            return (100,), 0
        case BlueGreenRollout() as rollout:
            return (100,), _watch(rollout.bake_minutes)
        case CanaryRollout() as rollout:
            return (*rollout.steps, 100), _watch(rollout.bake_minutes)


def _watch(bake: int) -> int:
    """Minutes of a watch in which an alarm about any minute of the bake time can fire."""
    return max(bake + _LATE_MINUTES, _ALARM_MINUTES)
