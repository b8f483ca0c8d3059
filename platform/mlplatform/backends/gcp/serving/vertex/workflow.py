"""The workflow that deploys an endpoint's models, and the job that starts it.

The workflow compares what its variables declare with what the endpoint serves, and goes on from there: an execution
that ended half-way, an event that was lost and a change by hand are mended by the next start. A version that was taken
back carries that as its label in Vertex AI, and is not tried again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pulumi
from pulumi_gcp import cloudscheduler, serviceaccount, workflows

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import WORKFLOW
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.vertex.deployer import VertexDeployer, ensure_deployer
from mlplatform.backends.gcp.serving.vertex.metrics import (
    FAILED,
    METRICS_LATE_MINUTES,
    latency_query,
    match_endpoint,
    responses,
)
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, endpoint_path, private_host
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout, CanaryRollout

SOURCE = Path(__file__).with_name("deploy.yaml")
"""Source in the Workflows language, https://docs.cloud.google.com/workflows/docs/reference/syntax"""

_EVERY = "*/5 * * * *"
"""Starts of the workflow: most find nothing to do."""

_NO_REQUEST = base64.b64encode(json.dumps({"argument": "{}"}).encode()).decode()
"""Body of a start: an execution without an argument would have none to read."""


def build_workflow(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    variants: Mapping[str, pulumi.Output[str]],
    zone: pulumi.Input[str],
) -> list[pulumi.Resource]:
    """Build the workflow and its job; the endpoint comes after them, so that it is the first to be deleted.

    Args:
        scope: the endpoint's.
        spec: the endpoint.
        needs: the components that it uses.
        variants: what it shall serve, by variant.
        zone: `projects/P/managedZones/Z` of the private zone for its name; empty for a public endpoint.
    """
    target, keys = scope.target(GcpTarget), native(scope.context.keys.parts, GcpKeys)
    deployer = ensure_deployer(native(needs.models.parts, GcpModels))
    acts_as = _acts_as(scope, native(needs.identity.parts, GcpIdentity), deployer)
    name = physical_name(scope.spec, f"{spec.name}-deploy", WORKFLOW)
    after = [*deployer.ready, *acts_as]
    job = f"projects/{target.project}/locations/{target.region}/jobs/{name}"
    workflow = workflows.Workflow(
        scope.child("deploy"),
        project=target.project,
        region=target.region,
        name=name,
        description=f"Deploys the models of endpoint {spec.name}, moves its traffic, takes it back",
        service_account=deployer.email,
        source_contents=SOURCE.read_text("utf-8"),
        user_env_vars={
            "ENDPOINT": endpoint_path(scope.spec, target, spec),
            "HOST": private_host(scope.spec, target, spec) if spec.exposure == "private" else "",
            "POLICY": json.dumps(rollout_policy(scope, spec), sort_keys=True),
            "STARTS": job,
            "VARIANTS": json.dumps(list(variants)),
            "ZONE": zone,
            **{f"VARIANT_{role}": wanted for role, wanted in variants.items()},
        },
        crypto_key_name=keys.ids["serving"],
        call_log_level="LOG_ERRORS_ONLY",
        deletion_protection=False,
        labels=scope.tags,
        opts=scope.opts(depends_on=[*after, *keys.ready["serving"]]),
    )
    starts = cloudscheduler.Job(
        scope.child("deploy-starts"),
        project=target.project,
        region=target.region,
        name=name,
        description=f"Starts the workflow of endpoint {spec.name}",
        schedule=_EVERY,
        time_zone="Etc/UTC",
        # whoever took the endpoint's models off has paused it
        paused=False,
        http_target=cloudscheduler.JobHttpTargetArgs(
            uri=pulumi.Output.concat("https://workflowexecutions.googleapis.com/v1/", workflow.id, "/executions"),
            http_method="POST",
            headers={"Content-Type": "application/json"},
            body=_NO_REQUEST,
            oauth_token=cloudscheduler.JobHttpTargetOauthTokenArgs(service_account_email=deployer.email),
        ),
        opts=scope.opts(depends_on=after),
    )
    return [workflow, starts]


def rollout_policy(scope: Scope, spec: EndpointSpec) -> dict[str, object]:
    """How traffic moves to a new deployment, and what takes it back: the thresholds of the endpoint's alarms."""
    alerts = scope.spec.monitoring.alerts
    match spec.rollout:
        case AllAtOnce():
            steps, minutes, requests = (), 0, 0
        case BlueGreenRollout(bake_minutes=minutes):
            steps, requests = (), 0
        case CanaryRollout(steps=steps, bake_minutes=minutes, least_requests=requests):
            pass
    whose = match_endpoint(endpoint_id(scope.spec, scope.target(GcpTarget), spec), 'deployed_model_id=~"IDS"')
    errors = f"100 * {responses(f'{whose},{FAILED}')} / {responses(whose)} > {alerts.error_rate_percent:g}"
    return {
        "bad": f"({errors}) or ({latency_query(whose, 0.99)} > {alerts.latency_p99_ms})",
        "bake_minutes": minutes,
        "count": responses(whose, "MINUTES"),
        "least_requests": requests,
        "metrics_late_minutes": METRICS_LATE_MINUTES,
        "steps": list(steps),
        "timeout": f"{spec.timeout_seconds}s",
    }


def _acts_as(scope: Scope, identity: GcpIdentity, deployer: VertexDeployer) -> list[pulumi.Resource]:
    """The right to deploy with the account of the replicas."""
    if not identity.account_name:
        return []
    return [
        serviceaccount.IAMMember(
            scope.child("deploy-acts-as"),
            service_account_id=identity.account_name,
            role="roles/iam.serviceAccountUser",
            member=deployer.member,
            opts=scope.opts(),
        )
    ]
