"""The logic app that moves an endpoint's traffic to new releases and takes it back on alarm."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_azure_native import logic

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.templates import ML_API
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.roles import assign_role
from mlplatform.backends.azure.serving.alarms import RollbackAlarms
from mlplatform.backends.azure.serving.release_template import WORKSPACE_TYPE
from mlplatform.backends.azure.serving.rollout_workflow import workflow_definition
from mlplatform.backends.azure.serving.traffic import EndpointBody, is_live, release_mark, traffic_shares
from mlplatform.backends.azure.serving.variants import Release
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.spec.endpoints import AllAtOnce, BlueGreenRollout, CanaryRollout, EndpointSpec

_SOON = 15
"""Minutes after which the alarm on failed requests has fired: late records, a full window, one evaluation."""


def make_rollout(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    *,
    endpoint: str,
    endpoint_id: pulumi.Output[str],
    contents: EndpointBody,
    releases: Sequence[Release],
    guards: RollbackAlarms,
    after: pulumi.Resource,
) -> logic.Workflow:
    """The logic app that moves traffic to the releases and takes it back on alarm.

    Args:
        scope: the endpoint's.
        spec: the endpoint's.
        needs: what the endpoint stands on.
        endpoint: physical name of the endpoint.
        endpoint_id: resource id of the endpoint.
        contents: the endpoint, without traffic.
        releases: what it should serve, and its shadow.
        guards: alarms that take it back; they exist before anything moves.
        after: what marks the releases as wanted.
    """
    target, ground = scope.target(AzureTarget), resource_group(scope)
    models = native(needs.models.parts, AzureModels)
    identity = make_managed_identity(scope, "rollout-identity", f"{spec.name}-rollout")
    me = principal_of(identity, "rollout")
    served_by = native(needs.identity.parts, AzureIdentity).identity_id
    rights = [
        assign_role(scope, "traffic", "ml-data-scientist", on=endpoint_id, to=me),
        assign_role(scope, "alarms", "monitoring-reader", on=ground.group_id, to=me),
    ]
    if served_by is not None:
        # whoever puts an endpoint hands it its identity
        rights.append(assign_role(scope, "identity", "identity-operator", on=served_by, to=me))
    live = [release for release in releases if is_live(release, spec)]
    traffic = traffic_shares(live)
    steps, bake = _plan(spec)
    if not isinstance(spec.rollout, AllAtOnce) and bake < _SOON:
        scope.note(
            f"endpoints[{spec.name}].rollout.bake_minutes",
            f"records of failed requests come minutes late: below {_SOON} minutes only the alarm on latency, a "
            "metric, is sure to take a release back",
        )
    values: dict[str, tuple[logic.ParameterType, object]] = {
        "endpoint": (
            logic.ParameterType.STRING,
            target.resource(models.group_name, f"{WORKSPACE_TYPE}/onlineEndpoints", models.workspace_name, endpoint),
        ),
        "body": (logic.ParameterType.OBJECT, contents.json),
        "release": (logic.ParameterType.STRING, release_mark(traffic)),
        "traffic": (logic.ParameterType.STRING, json.dumps(traffic, sort_keys=True)),
        "wanted": (
            logic.ParameterType.ARRAY,
            [{"variant": one.variant, "name": one.deployment, "weight": one.weight} for one in live],
        ),
        "keep": (logic.ParameterType.ARRAY, [one.deployment for one in releases]),
        "steps": (logic.ParameterType.ARRAY, list(steps)),
        "bake": (logic.ParameterType.INT, bake),
        "alerts": (
            logic.ParameterType.STRING,
            f"/subscriptions/{target.subscription_id}/resourceGroups/{models.group_name}"
            "/providers/Microsoft.AlertsManagement/alerts",
        ),
        "identity": (logic.ParameterType.STRING, identity.id),
    }
    return logic.Workflow(
        scope.child("rollout"),
        workflow_name=physical_name(scope.spec, "logic-app", f"{spec.name}-rollout"),
        resource_group_name=ground.group_name,
        location=target.location,
        state=logic.WorkflowState.ENABLED,
        identity=logic.ManagedServiceIdentityArgs(
            type=logic.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        definition=workflow_definition(alarm_names=guards.names, api=ML_API),
        parameters={
            name: logic.WorkflowParameterArgs(type=kind, value=value) for name, (kind, value) in values.items()
        },
        tags=scope.tags,
        opts=scope.opts(depends_on=[*rights, *guards.rules, after]),
    )


def _plan(spec: EndpointSpec) -> tuple[tuple[int, ...], int]:
    match spec.rollout:
        case AllAtOnce():
            return (100,), 0
        case BlueGreenRollout() as rollout:
            return (100,), rollout.bake_minutes
        case CanaryRollout() as rollout:
            return (*rollout.steps, 100), rollout.bake_minutes
