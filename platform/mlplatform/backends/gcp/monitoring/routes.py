"""Notification channels per severity, and the topic that starts automation."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import monitoring, pubsub

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
    topic, publisher = _topic(scope, gcp_keys)
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


def _topic(scope: Scope, keys: GcpKeys) -> tuple[pubsub.Topic, pulumi.Resource]:
    target = scope.target(GcpTarget)
    topic = pubsub.Topic(
        scope.child("automation-topic"),
        project=target.project,
        name=physical_name(scope.spec, "automation", LONG),
        kms_key_name=keys.ids["monitoring"],
        message_storage_policy=pubsub.TopicMessageStoragePolicyArgs(allowed_persistence_regions=[target.region]),
        labels=scope.tags,
        opts=scope.opts(depends_on=(*keys.ready["monitoring"], *keys.foundation.after("pubsub"))),
    )
    publisher = pubsub.TopicIAMMember(
        scope.child("automation-publisher"),
        project=target.project,
        topic=topic.name,
        role="roles/pubsub.publisher",
        member=keys.foundation.agents["notification"],
        opts=scope.opts(),
    )
    return topic, publisher
