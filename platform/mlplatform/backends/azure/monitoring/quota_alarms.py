"""Alarms on the use of the subscription's compute quotas in the platform's region."""

from __future__ import annotations

from pulumi_azure_native import monitor

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.monitoring import alarms
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import AlertsSpec


def watch_quotas(scope: Scope, spec: AlertsSpec) -> None:
    """Make one rule over every quota that has a limit, https://learn.microsoft.com/azure/quotas/how-to-guide-monitoring-alerting"""
    target = scope.target(AzureTarget)
    subscription = f"/subscriptions/{target.subscription_id}"
    identity = make_managed_identity(scope, "quota-identity", "quota")
    reader = principal_of(identity, "quota")
    # quotas belong to the subscription, and the resource graph shows only what its reader may read
    reads = assign_role(scope, "subscription", "reader", on=subscription, to=reader)
    alarms.log_alarm(
        scope,
        "quota",
        severity="warning",
        description=f"A compute quota in {target.location} is used above {spec.quota_percent} %",
        kql="arg('').QuotaResources\n"
        f"| where subscriptionId =~ '{target.subscription_id}'\n"
        "| where type =~ 'microsoft.compute/locations/usages'\n"
        f"| where location =~ '{target.location}'\n"
        "| mv-expand value = properties.value limit 400\n"
        "| extend Used = toint(value.currentValue), Limit = toint(value.['limit'])\n"
        "| extend Quota = tostring(value.name.value)\n"
        "| where Limit > 0\n"
        "| project Quota, Percent = 100.0 * Used / Limit",
        column="Percent",
        above=spec.quota_percent,
        window="PT1H",
        every="PT1H",
        on=subscription,
        identity=monitor.MicrosoftCommonIdentityArgs(
            type=monitor.IdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        split=("Quota",),
        depends_on=[reads],
    )
