"""Limits of alert routes on AWS. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.backend import Limit
from mlplatform.components.limits import refuse_nothing

LIMITS: tuple[Limit, ...] = (
    Limit(
        field="monitoring.routes.token_secret",
        support="partial",
        reason="AWS posts to Slack as an app that a person authorises once in the console, so no token is used "
        "(https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html)",
        alternative="authorise the workspace of monitoring.routes.team_id",
        violations=refuse_nothing,
    ),
)
