"""The workflow of rollouts: it watches a new revision, gives it traffic, and moves traffic back.

It judges only the new revision, by the thresholds of the endpoint's alarms. Metrics of Cloud Run come up to three
minutes late, so every watch lasts that much longer. It ends if a newer revision overtakes.
"""

from __future__ import annotations

from pathlib import Path

import pulumi
from pulumi_gcp import eventarc, projects, serviceaccount, workflows

from mlplatform.backends.gcp.foundation.parts import Agent
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, WORKFLOW
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.workflow_alert import alert_on_failed_workflow
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

SOURCE = Path(__file__).with_name("rollout.yaml")
"""Source in the Workflows language, https://docs.cloud.google.com/workflows/docs/reference/syntax"""

_ROLES = (
    ("reads", "roles/run.viewer"),
    ("measures", "roles/monitoring.viewer"),
    ("logs", "roles/logging.logWriter"),
    ("hears", "roles/eventarc.eventReceiver"),
    ("starts", "roles/workflows.invoker"),
)
_ACTS_AS: tuple[Agent, ...] = ("pubsub", "workflows")
"""Agents that create the account's tokens, to deliver the event that starts the workflow and to run it."""


@record(kw_only=True)
class RolloutWorkflow:
    """The workflow that moves traffic to new revisions and back."""

    member: pulumi.Output[str]
    """Its account as a member of grants."""

    ready: tuple[pulumi.Resource, ...]
    """Its rights, the workflow and its trigger: services come after these."""


def ensure_rollout_workflow(models: GcpModels) -> RolloutWorkflow:
    """The workflow that rolls out every endpoint of the platform, built on first use."""
    return models.share(RolloutWorkflow, lambda: _build(models.scope, models.keys))


def _build(scope: Scope, keys: GcpKeys) -> RolloutWorkflow:
    """Build the workflow, which the audit log of each service's update starts."""
    target, foundation = scope.target(GcpTarget), keys.foundation
    account = serviceaccount.Account(
        scope.child("rollout-account"),
        project=target.project,
        account_id=physical_name(scope.spec, "rollout", ACCOUNT),
        display_name=f"{platform_name(scope.spec, ' ')}: rollouts",
        opts=scope.opts(depends_on=foundation.after("iam")),
    )
    rights: list[pulumi.Resource] = [
        projects.IAMMember(
            scope.child(f"rollout-{name}"),
            project=target.project,
            role=role,
            member=account.member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        )
        for name, role in _ROLES
    ]
    rights += [
        serviceaccount.IAMMember(
            scope.child(f"rollout-as-{agent}"),
            service_account_id=account.name,
            role="roles/iam.serviceAccountTokenCreator",
            member=foundation.agents[agent],
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        )
        for agent in _ACTS_AS
    ]
    workflow = workflows.Workflow(
        scope.child("rollout"),
        project=target.project,
        region=target.region,
        name=physical_name(scope.spec, "rollout", WORKFLOW),
        description="Watches new revisions of the endpoints, gives them traffic, takes it back",
        service_account=account.email,
        source_contents=SOURCE.read_text("utf-8"),
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
        name=physical_name(scope.spec, "rollout", COMPUTE),
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
        # Google creates the agent with its grant, and refuses a trigger before that
        opts=scope.opts(depends_on=[*rights, *keys.ready["serving"], *foundation.after("eventarc", "run", "pubsub")]),
    )
    alert_on_failed_workflow(
        scope,
        "rollback-alert",
        role="rollout-taken-back",
        title="A rollout was taken back or failed",
        workflow=pulumi.Output.concat('="', workflow.name, '"'),
        what_to_do="The former revision serves again. Name its model in the spec, or mend the new one.",
    )
    return RolloutWorkflow(member=account.member, ready=(*rights, workflow, trigger))
