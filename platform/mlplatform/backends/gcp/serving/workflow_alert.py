"""Alerts of workflows that move traffic: people are told where the declared model does not serve."""

from __future__ import annotations

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def alert_on_failed_workflow(
    scope: Scope, child: str, *, role: str, title: str, workflow: pulumi.Input[str], what_to_do: str
) -> None:
    """Alert people of the errors that a workflow logs.

    Args:
        scope: the owner.
        child: last part of the alert's logical name.
        role: last part of its physical name.
        title: what happened, for people.
        workflow: the condition on the workflow's id, in the language of the log: `="moves"`.
        what_to_do: what its reader does.
    """
    routes = native(scope.context.routes.parts, GcpRoutes)
    monitoring.AlertPolicy(
        scope.child(child),
        project=scope.target(GcpTarget).project,
        display_name=physical_name(scope.spec, role, LONG),
        combiner="OR",
        severity="CRITICAL",
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name=title,
                condition_matched_log=monitoring.AlertPolicyConditionConditionMatchedLogArgs(
                    filter=pulumi.Output.concat(
                        'resource.type="workflows.googleapis.com/Workflow" AND resource.labels.workflow_id',
                        workflow,
                        " AND severity>=ERROR",
                    )
                ),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(
            auto_close="1800s",
            notification_rate_limit=monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period="300s"),
        ),
        documentation=monitoring.AlertPolicyDocumentationArgs(content=what_to_do, mime_type="text/markdown"),
        notification_channels=list(routes.targets["critical"]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=routes.ready),
    )
