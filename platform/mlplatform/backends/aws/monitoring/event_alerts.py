"""Alerts on events of services for which no metric exists."""

from __future__ import annotations

from pulumi_aws import cloudwatch

from mlplatform.backends.aws.foundation.policy import to_json
from mlplatform.backends.aws.monitoring.parts import AwsRoutes
from mlplatform.backends.aws.naming import RULE
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity


def alert_on(
    scope: Scope,
    role: str,
    severity: Severity,
    description: str,
    pattern: dict[str, object],
    *,
    named: str | None = None,
) -> None:
    """Tell the routes of each event of a pattern; a service may send several for one change.

    Args:
        scope: owner of the rule.
        role: distinguishes the rule in the scope.
        severity: of the routes that are told.
        description: what happened, for people.
        pattern: of the events.
        named: what the rule's physical name says of it. Omitted: `role`.
    """
    routes = native(scope.context.routes.parts, AwsRoutes)
    rule = cloudwatch.EventRule(
        scope.child(role),
        name=physical_name(scope.spec, named or role, RULE),
        description=description,
        event_pattern=to_json(pattern),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    for index, topic in enumerate(routes.targets[severity]):
        cloudwatch.EventTarget(
            scope.child(f"{role}-topic{index or ''}"),
            rule=rule.name,
            target_id=f"topic{index or ''}",
            arn=topic,
            opts=scope.opts(depends_on=routes.ready, delete_before_replace=True),
        )
