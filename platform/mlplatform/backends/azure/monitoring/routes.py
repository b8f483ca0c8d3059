"""Alert routes: an action group per severity, and a logic app per Slack channel."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.monitoring import slack
from mlplatform.backends.azure.monitoring.parts import AzureRoutes
from mlplatform.backends.azure.naming import physical_name, short_name
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
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


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> AzureRoutes:
    """An action group per severity that has a route."""
    apps = {route.channel: slack.make_slack_app(scope, route) for route in spec.routes if isinstance(route, SlackRoute)}
    groups = {
        severity: _group(scope, severity, routes, apps)
        for severity in SEVERITIES
        if (routes := [route for route in spec.routes if severity in route.severities])
    }
    return AzureRoutes(
        targets={severity: (groups[severity].id,) if severity in groups else () for severity in SEVERITIES},
        ready=tuple(groups.values()),
    )


def _group(
    scope: Scope, severity: Severity, routes: Sequence[Route], apps: dict[str, slack.SlackApp]
) -> monitor.ActionGroup:
    emails: list[monitor.MicrosoftCommonEmailReceiverArgs] = []
    webhooks: list[monitor.WebhookReceiverArgs] = []
    logic_apps: list[monitor.LogicAppReceiverArgs] = []
    for route in routes:
        match route:
            case EmailRoute():
                emails.append(
                    monitor.MicrosoftCommonEmailReceiverArgs(
                        name=route.address, email_address=route.address, use_common_alert_schema=True
                    )
                )
            case WebhookRoute():
                webhooks.append(_webhook(route.name, scope.secret(route.url_secret)))
            case PagerDutyRoute():
                url = pulumi.Output.concat(
                    "https://events.pagerduty.com/integration/", scope.secret(route.key_secret), "/enqueue"
                )
                webhooks.append(_webhook(route.name, url))
            case SlackRoute():
                logic_apps.append(
                    monitor.LogicAppReceiverArgs(
                        name=f"slack-{route.channel[1:]}",
                        resource_id=apps[route.channel].id,
                        callback_url=apps[route.channel].callback_url,
                        use_common_alert_schema=True,
                    )
                )
    return monitor.ActionGroup(
        scope.child(severity),
        action_group_name=physical_name(scope.spec, "action-group", severity),
        group_short_name=short_name(severity),
        resource_group_name=resource_group(scope).group_name,
        location="global",
        enabled=True,
        email_receivers=emails,
        webhook_receivers=webhooks,
        logic_app_receivers=logic_apps,
        tags=scope.tags,
        opts=scope.opts(),
    )


def _webhook(name: str, url: pulumi.Output[str]) -> monitor.WebhookReceiverArgs:
    return monitor.WebhookReceiverArgs(name=name, service_uri=url, use_common_alert_schema=True)
