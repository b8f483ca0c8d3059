"""Limits of alert routes on AWS. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.backend import Limit
from mlplatform.components.limits import refuse_nothing

LIMITS: tuple[Limit, ...] = (
    Limit(
        field="monitoring.dashboards",
        support="partial",
        reason="CloudWatch's dashboards do not read managed Prometheus, which alone has the numbers of endpoints on "
        "the training cluster (https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-onboard-query.html): those "
        "have alerts and no dashboard",
        alternative="set monitoring.grafana to true: Grafana reads it",
        violations=refuse_nothing,
    ),
    Limit(
        field="monitoring.routes.token_secret",
        support="partial",
        reason="AWS posts to Slack as an app that a person authorises once in the console, so no token is used "
        "(https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html)",
        alternative="authorise the workspace of monitoring.routes.team_id",
        violations=refuse_nothing,
    ),
)
