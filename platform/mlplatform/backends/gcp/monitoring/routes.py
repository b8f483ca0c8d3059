"""Notification channels per severity, and the topic that starts automation."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.keys.agent_topic import make_agent_topic
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import LONG, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.monitoring import (
    SEVERITIES,
    EmailRoute,
    MonitoringSpec,
    PagerDutyRoute,
    Route,
    Severity,
    SlackRoute,
    WebhookRoute,
)


@record()
class _Channel:
    role: str
    kind: str
    labels: Mapping[str, pulumi.Input[str]]
    secret: monitoring.NotificationChannelSensitiveLabelsArgs | None = None


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> GcpRoutes:
    """Build a channel per route, one after another: the API refuses parallel writes in a project.

    https://docs.cloud.google.com/monitoring/alerts/using-channels-api
    """
    gcp_keys = native(keys.parts, GcpKeys)
    topic, publisher = make_agent_topic(
        scope, gcp_keys, "automation-topic", publisher="automation-publisher", role="automation", agent="notification"
    )
    last = build_channel(
        scope,
        "automation",
        "pubsub",
        {"topic": topic.id},
        after=(*gcp_keys.foundation.after("monitoring"), publisher),
    )
    automation = last
    targets: dict[Severity, list[pulumi.Output[str]]] = {severity: [] for severity in SEVERITIES}
    emails: dict[str, pulumi.Output[str]] = {}
    channels: list[pulumi.Resource] = [automation]
    for route in spec.routes:
        channel = _channel_of(scope, route)
        last = build_channel(scope, channel.role, channel.kind, channel.labels, secret=channel.secret, after=(last,))
        channels.append(last)
        for severity in route.severities:
            targets[severity].append(last.name)
        if isinstance(route, EmailRoute):
            emails[route.address] = last.name
    return GcpRoutes(
        targets={severity: tuple(names) for severity, names in targets.items()},
        ready=tuple(channels),
        topic_id=topic.id,
        automation=automation.name,
        emails=emails,
        last=last,
    )


def build_channel(
    scope: Scope,
    role: str,
    kind: str,
    labels: Mapping[str, pulumi.Input[str]],
    *,
    secret: monitoring.NotificationChannelSensitiveLabelsArgs | None = None,
    after: tuple[pulumi.Resource, ...],
) -> monitoring.NotificationChannel:
    """Build a notification channel that depends on others."""
    return monitoring.NotificationChannel(
        scope.child(role),
        project=scope.target(GcpTarget).project,
        display_name=physical_name(scope.spec, role, LONG),
        type=kind,
        labels=labels,
        sensitive_labels=secret,
        user_labels=scope.tags,
        opts=scope.opts(depends_on=after),
    )


def _channel_of(scope: Scope, route: Route) -> _Channel:
    match route:
        case EmailRoute():
            return _Channel(f"email-{slug(route.address)}", "email", {"email_address": route.address})
        case SlackRoute():
            token = monitoring.NotificationChannelSensitiveLabelsArgs(auth_token=scope.secret(route.token_secret))
            return _Channel(f"slack-{slug(route.channel)}", "slack", {"channel_name": route.channel}, token)
        case PagerDutyRoute():
            key = monitoring.NotificationChannelSensitiveLabelsArgs(service_key=scope.secret(route.key_secret))
            return _Channel(f"pagerduty-{route.name}", "pagerduty", {}, key)
        case WebhookRoute():
            return _Channel(f"webhook-{route.name}", "webhook_tokenauth", {"url": scope.secret(route.url_secret)})
