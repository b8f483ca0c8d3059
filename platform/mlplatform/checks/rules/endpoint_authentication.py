"""Endpoints authenticate callers by identity, not by key."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.predicates import is_false, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _guarded(app: Resource) -> list[CheckFault]:
    configs = app.siblings("azure-native:app:ContainerAppsAuthConfig", "containerAppName")
    if any(
        config.true("platform.enabled")
        and config.text("globalValidation.unauthenticatedClientAction") in ("Return401", "Return403")
        for config in configs
    ):
        return []
    return [CheckFault("The app accepts unauthenticated callers.")]


def _asks_callers(endpoint: Resource) -> Iterator[CheckFault]:
    """Public endpoints of Vertex AI always ask; within a network only some do."""
    if endpoint.has("network"):
        yield CheckFault("Peering asks nobody who calls, and encrypts nothing.", "network")
    secure = "privateServiceConnectConfig.enableSecurePrivateServiceConnect"
    if endpoint.has("privateServiceConnectConfig") and not endpoint.true(secure):
        yield CheckFault("Whoever reaches its address in the network may call it.", secure)


RULE = CheckRule(
    id="endpoint-authentication",
    level="high",
    topic="identity",
    title="Endpoints authenticate callers by identity",
    why="Keys are shared, end up in code, and logs do not show who used them.",
    fix="Require tokens of the directory or of the cloud's IAM.",
    entries=(
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            is_false("invokerIamDisabled", "The service does not authenticate callers."),
            link="https://cloud.google.com/run/docs/authenticating/overview",
        ),
        Entry(
            ("gcp:vertex/aiEndpoint:AiEndpoint",),
            _asks_callers,
            link="https://docs.cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type",
        ),
        Entry(
            ("azure-native:machinelearningservices:OnlineEndpoint",),
            is_one_of("properties.authMode", ("AADToken",), "Callers authenticate with a shared key or token"),
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
