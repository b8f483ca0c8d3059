"""Amazon Managed Grafana: a service account of a few minutes, and the data sources, which AWS does not make."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.grafana import TOKEN_SECONDS, GrafanaServer, GrafanaSource
from mlplatform.components.live_traffic import Ask, NotAnswered, fields_of, items_of, text_of
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.platform import PlatformSpec

_ROLE = {"authType": "ec2_iam_role"}
"""The role of the workspace: `ec2_iam_role` is what its own pages call "Workspace IAM role"."""


def build(spec: PlatformSpec, ask: Ask) -> GrafanaServer:
    """Find the workspace and log in.

    Raises:
        NotAnswered: there is no workspace, or no right to make a token.
    """
    target = typed_target(spec.targets[0], AwsTarget)
    end = ("--region", target.region, "--output", "json")
    name = physical_name(spec, "grafana", LONG)
    listed = items_of(fields_of(ask(("aws", "grafana", "list-workspaces", *end))).get("workspaces"))
    found = next((each for each in listed if text_of(each, "name") == name), None)
    if found is None:
        raise NotAnswered(f"{target.region} has no workspace {name}: run `up` with monitoring.grafana first")
    workspace = ("--workspace-id", text_of(found, "id"))
    sources = _sources(spec, target, ask, end)
    # a new one for each login: what is left of a login that was cut off has no valid token
    made = ask(
        (
            *("aws", "grafana", "create-workspace-service-account", *workspace, *end),
            *("--name", f"mlplatform-{uuid4().hex[:12]}", "--grafana-role", "ADMIN"),
        )
    )
    account = ("--service-account-id", text_of(made, "id"))

    def close() -> None:
        # its token goes with it; what cannot be removed now is worth nothing after minutes
        with suppress(NotAnswered):
            ask(("aws", "grafana", "delete-workspace-service-account", *workspace, *account, *end))

    try:
        token = ask(
            (
                *("aws", "grafana", "create-workspace-service-account-token", *workspace, *account, *end),
                *("--name", "mlplatform", "--seconds-to-live", str(TOKEN_SECONDS)),
            )
        )
    except NotAnswered:
        close()
        raise
    return GrafanaServer(
        url=f"https://{text_of(found, 'endpoint')}",
        token=text_of(token, "serviceAccountToken", "key"),
        sources=sources,
        close=close,
    )


def _sources(spec: PlatformSpec, target: AwsTarget, ask: Ask, end: tuple[str, ...]) -> tuple[GrafanaSource, ...]:
    """CloudWatch, and managed Prometheus if the spec has it."""
    cloudwatch = GrafanaSource(
        uid="mlplatform-cloudwatch",
        name="CloudWatch",
        type="cloudwatch",
        url="",
        settings={**_ROLE, "defaultRegion": target.region},
    )
    if not spec.monitoring.prometheus:
        return (cloudwatch,)
    alias = physical_name(spec, "metrics", 100)
    listed = items_of(fields_of(ask(("aws", "amp", "list-workspaces", "--alias", alias, *end))).get("workspaces"))
    # an alias is a beginning there
    found = next((text_of(each, "workspaceId") for each in listed if text_of(each, "alias") == alias), "")
    if not found:
        raise NotAnswered(f"{target.region} has no workspace {alias} of managed Prometheus: run `up` first")
    prometheus = GrafanaSource(
        uid="mlplatform-prometheus",
        name="Managed Prometheus",
        type="prometheus",
        url=f"https://aps-workspaces.{target.region}.{target.dns_suffix}/workspaces/{found}/",
        settings={
            "httpMethod": "POST",
            "sigV4Auth": True,
            "sigV4AuthType": "ec2_iam_role",
            "sigV4Region": target.region,
        },
    )
    return (cloudwatch, prometheus)
