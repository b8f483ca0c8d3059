"""How a new revision takes over, and what takes it back.

- all-at-once: Cloud Run moves all traffic once the new revision is ready.
- blue-green: the same, then a workflow watches it while the old revision can still take over.
- canary: the new revision starts without traffic, and the workflow gives it a growing share. From then on traffic is
  the workflow's; Pulumi leaves it alone. The provider sends the whole service with every update, traffic from its
  state included, so a canary's state must be fresh: `pulumi up --refresh`. The workflow removes revisions older than
  the last two, so that a stale state fails instead of bringing an old model back.
  https://github.com/hashicorp/terraform-provider-google/issues/25464
"""

from __future__ import annotations

import json

import pulumi
from pulumi_gcp import cloudrunv2, eventarc, monitoring, projects, serviceaccount, workflows

from mlplatform.backends.gcp.foundation.parts import Agent
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, LONG, WORKFLOW, physical
from mlplatform.backends.gcp.serving.parts import GcpRollouts
from mlplatform.backends.gcp.serving.rollout_source import ANNOTATION, SOURCE
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import AllAtOnce, BlueGreenRollout, CanaryRollout, EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec

_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_ROLES = (
    ("reads", "roles/run.viewer"),
    ("measures", "roles/monitoring.viewer"),
    ("logs", "roles/logging.logWriter"),
    ("hears", "roles/eventarc.eventReceiver"),
    ("starts", "roles/workflows.invoker"),
)
_ACTS_AS: tuple[Agent, ...] = ("pubsub", "workflows")
"""Agents that make the account's tokens: to deliver the event that starts the workflow, and to run it."""


def is_watched(endpoint: EndpointSpec) -> bool:
    """Whether the workflow has a part in the endpoint's rollouts."""
    return not isinstance(endpoint.rollout, AllAtOnce)


def policy_annotation(endpoint: EndpointSpec, alerts: AlertsSpec) -> dict[str, str]:
    """What tells the workflow how to roll out: the endpoint's own steps, and the thresholds of its alarms."""
    match endpoint.rollout:
        case AllAtOnce():
            return {}
        case BlueGreenRollout(bake_minutes=minutes):
            steps: tuple[int, ...] = ()
        case CanaryRollout(steps=steps, bake_minutes=minutes):
            pass
    policy = {
        "steps": list(steps),
        "bake_minutes": minutes,
        "error_rate_percent": alerts.error_rate_percent,
        "latency_p99_ms": alerts.latency_p99_ms,
    }
    return {ANNOTATION: json.dumps(policy, sort_keys=True)}


def traffics(endpoint: EndpointSpec, revision: str) -> list[cloudrunv2.ServiceTrafficArgs]:
    """Who gets the traffic: the newest revision, or the first one until the workflow moves on."""
    if isinstance(endpoint.rollout, CanaryRollout):
        return [cloudrunv2.ServiceTrafficArgs(type=_REVISION, revision=revision, percent=100)]
    return [cloudrunv2.ServiceTrafficArgs(type=_LATEST, percent=100)]


def ignored(endpoint: EndpointSpec) -> tuple[str, ...]:
    """Properties that are the workflow's after creation."""
    return ("traffics",) if isinstance(endpoint.rollout, CanaryRollout) else ()


def controller(scope: Scope, keys: GcpKeys) -> GcpRollouts:
    """The workflow for all endpoints of the platform, started by the audit log of each service's update."""
    target, foundation = scope.target(GcpTarget), keys.foundation
    account = serviceaccount.Account(
        scope.child("rollout-account"),
        project=target.project,
        account_id=physical(scope.spec, "rollout", ACCOUNT),
        display_name=f"{scope.spec.name} {scope.spec.environment}: rollouts",
        opts=scope.opts(depends_on=foundation.after("iam")),
    )
    rights: list[pulumi.Resource] = [
        projects.IAMMember(
            scope.child(f"rollout-{name}"),
            project=target.project,
            role=role,
            member=account.member,
            opts=scope.opts(),
        )
        for name, role in _ROLES
    ]
    rights += [
        serviceaccount.IAMMember(
            scope.child(f"rollout-as-{agent}"),
            service_account_id=account.name,
            role="roles/iam.serviceAccountTokenCreator",
            member=foundation.agents[agent],
            opts=scope.opts(),
        )
        for agent in _ACTS_AS
    ]
    workflow = workflows.Workflow(
        scope.child("rollout"),
        project=target.project,
        region=target.region,
        name=physical(scope.spec, "rollout", WORKFLOW),
        description="Watches new revisions of the endpoints, gives them traffic, takes it back",
        service_account=account.email,
        source_contents=SOURCE,
        user_env_vars={"ROLLOUT_ACCOUNT": account.email},
        crypto_key_name=keys.ids["serving"],
        call_log_level="LOG_ERRORS_ONLY",
        deletion_protection=False,
        labels=scope.tags,
        opts=scope.opts(
            depends_on=[*rights, *keys.ready["serving"], *foundation.after("workflows", "workflowexecutions")]
        ),
    )
    trigger = eventarc.Trigger(
        scope.child("rollout-trigger"),
        project=target.project,
        location=target.region,
        name=physical(scope.spec, "rollout", COMPUTE),
        matching_criterias=[
            eventarc.TriggerMatchingCriteriaArgs(attribute=attribute, value=value)
            for attribute, value in (
                ("type", "google.cloud.audit.log.v1.written"),
                ("serviceName", "run.googleapis.com"),
                ("methodName", "google.cloud.run.v2.Services.UpdateService"),
            )
        ],
        destination=eventarc.TriggerDestinationArgs(workflow=workflow.id),
        service_account=account.email,
        labels=scope.tags,
        # the agent appears with its grant; a trigger made before it is refused
        opts=scope.opts(depends_on=[*rights, *keys.ready["serving"], *foundation.after("eventarc", "run", "pubsub")]),
    )
    _taken_back(scope, workflow)
    return GcpRollouts(member=account.member, ready=(*rights, workflow, trigger))


def _taken_back(scope: Scope, workflow: workflows.Workflow) -> None:
    """Tell people: the declared model is not the one that serves."""
    routes = native(scope.context.routes.parts, GcpRoutes)
    monitoring.AlertPolicy(
        scope.child("rollback-alert"),
        project=scope.target(GcpTarget).project,
        display_name=physical(scope.spec, "rollout-taken-back", LONG),
        combiner="OR",
        severity="CRITICAL",
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name="A rollout was taken back or failed",
                condition_matched_log=monitoring.AlertPolicyConditionConditionMatchedLogArgs(
                    filter=pulumi.Output.concat(
                        'resource.type="workflows.googleapis.com/Workflow" AND resource.labels.workflow_id="',
                        workflow.name,
                        '" AND severity>=ERROR',
                    )
                ),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(
            auto_close="1800s",
            notification_rate_limit=monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period="300s"),
        ),
        documentation=monitoring.AlertPolicyDocumentationArgs(
            content="The former revision serves again. Name its model in the spec, or mend the new one.",
            mime_type="text/markdown",
        ),
        notification_channels=list(routes.targets["critical"]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=routes.ready),
    )
