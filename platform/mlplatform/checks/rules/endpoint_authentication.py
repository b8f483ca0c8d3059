"""Endpoints ask who calls, by identity and not by key."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Entry, Fault, Rule


def _guarded(app: Resource) -> list[Fault]:
    configs = app.siblings("azure-native:app:ContainerAppsAuthConfig", "containerAppName")
    if any(
        config.true("platform.enabled")
        and config.text("globalValidation.unauthenticatedClientAction") in ("Return401", "Return403")
        for config in configs
    ):
        return []
    return [Fault("The app answers callers that say not who they are.")]


RULE = Rule(
    id="endpoint-authentication",
    level="high",
    topic="identity",
    title="Endpoints ask who calls, by identity",
    why="Keys are shared, end up in code and cannot be told apart in logs.",
    fix="Ask for tokens of the directory or of the cloud's IAM.",
    entries=(
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            is_false("invokerIamDisabled", "The service does not ask who calls."),
            link="https://cloud.google.com/run/docs/authenticating/overview",
        ),
        Entry(
            ("azure-native:machinelearningservices:OnlineEndpoint",),
            is_one_of("properties.authMode", ("AADToken",), "Callers show a shared key or token"),
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/machine-learning/concept-endpoints-online-auth",
        ),
        Entry(
            ("azure-native:app:ContainerApp",),
            _guarded,
            refs=("MCSB IM-1",),
            link="https://learn.microsoft.com/azure/container-apps/authentication",
            when=lambda app: app.has("configuration.ingress"),
            siblings=True,
        ),
    ),
)
