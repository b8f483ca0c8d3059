"""SageMaker real-time endpoints: variants, shadow, guarded rollout, capture, autoscaling."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.monitoring.alerts import endpoint_alarms, saturation_alarms
from mlplatform.backends.aws.monitoring.dashboards import endpoint_dashboard
from mlplatform.backends.aws.naming import CONFIG_PREFIX, SAGEMAKER, hashed, physical
from mlplatform.backends.aws.serving.autoscaling import follow
from mlplatform.backends.aws.serving.capture import data_capture
from mlplatform.backends.aws.serving.component_host import component_host, component_name
from mlplatform.backends.aws.serving.metrics import component_watch, watches
from mlplatform.backends.aws.serving.parts import AwsEndpoint
from mlplatform.backends.aws.serving.role import serve
from mlplatform.backends.aws.serving.rollout import deployment
from mlplatform.backends.aws.serving.sleeping import component
from mlplatform.backends.aws.serving.slo import objectives
from mlplatform.backends.aws.serving.variants import (
    first_count,
    instance_type,
    machine,
    model,
    production,
    shadow,
    volume_key,
)
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.spec.endpoints import CanaryRollout, EndpointSpec


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> AwsEndpoint:
    """Make one endpoint."""
    target = scope.target(AwsTarget)
    name = physical(scope.spec, spec.name, SAGEMAKER)
    # copies of a model come and go on an endpoint that may sleep, and on one that waits for its first model
    components = spec.replicas[0] == 0 or spec.awaits_model
    variants = tuple(variant.name for variant in spec.all_variants())
    called = component_name(scope.spec, spec)
    watched = [component_watch(called)] if components else watches(name, variants)
    logs = _logs(scope, spec, needs, name, called if components else None)
    alarms = endpoint_alarms(scope, watched)
    _notes(scope, spec, components)
    config_name = component_host(scope, spec, needs) if components else _config(scope, spec, needs)
    endpoint = sagemaker.Endpoint(
        scope.child("endpoint"),
        name=name,
        endpoint_config_name=config_name,
        deployment_config=deployment(spec, alarms),
        tags=scope.tags,
        opts=pulumi.ResourceOptions.merge(
            scope.opts(
                depends_on=[*logs, *alarms, *needs.identity.parts.grants],
                delete_before_replace=True,
                timeouts={"create": "60m", "update": "540m", "delete": "60m"},
            ),
            # an endpoint of components cannot become one of plain variants, nor the other way round
            pulumi.ResourceOptions(replacement_trigger="components" if components else "variants"),
        ),
    )
    host = machine(scope, spec, needs)
    gpus = needs.choice.accelerator.count if needs.choice else 0
    if components and not spec.awaits_model:
        component(scope, spec, needs, endpoint, alarms, logs)
    elif not components:
        for variant in variants:
            follow(scope, spec, variant, name, [endpoint], gpus, host.vcpus)
    saturation_alarms(scope, watched, gpus, host.vcpus, fills_memory=spec.server == "vllm")
    if spec.slo:
        objectives(scope, spec.slo, name, watched)
    arns = (target.arn("sagemaker", f"endpoint/{name}"),)
    return AwsEndpoint(
        endpoint_name=endpoint.name,
        url=pulumi.Output.concat(
            f"https://runtime.sagemaker.{target.region}.{target.dns_suffix}/endpoints/",
            endpoint.name,
            "/invocations",
        ),
        dashboard_url=endpoint_dashboard(scope, spec, watched) if scope.spec.monitoring.dashboards else None,
        scope=scope,
        arns=(*arns, target.arn("sagemaker", f"inference-component/{called}")) if components else arns,
        private=spec.exposure == "private",
    )


def _logs(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, name: str, called: str | None
) -> list[pulumi.Resource]:
    """Log groups that SageMaker would else make without key and end, and the right to write to them."""
    names = {"logs": f"/aws/sagemaker/Endpoints/{name}"}
    if called:
        names["component-logs"] = f"/aws/sagemaker/InferenceComponents/{called}"
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    serve(scope, spec, needs, list(names.values()))
    return [telemetry.log_group(scope, role, group) for role, group in names.items()]


def _config(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> pulumi.Output[str]:
    """The configuration of an endpoint of plain variants; returns its name."""
    served = {
        variant.name: model(scope, spec, needs, variant.name, variant.model, variant.image)
        for variant in spec.all_variants()
    }
    copied = model(scope, spec, needs, spec.shadow.name, spec.shadow.model, spec.shadow.image) if spec.shadow else None
    weights = {variant.name: variant.traffic_percent for variant in spec.all_variants()}
    content: list[object] = [
        {name: [one.name, weights[name]] for name, one in served.items()},
        [copied.name, spec.shadow.sample_percent] if copied and spec.shadow else None,
        first_count(spec),
        instance_type(scope, spec, needs),
        spec.capture_percent,
    ]
    content_name = hashed(scope.spec, spec.name, json.dumps(content, sort_keys=True), CONFIG_PREFIX - 1)
    return sagemaker.EndpointConfiguration(
        scope.child("config"),
        # SageMaker may roll back to an older one unseen, and deleting that would break every later update, so all are
        # kept; the provider adds an end of its own, or going back to one would meet its name,
        # https://github.com/hashicorp/terraform-provider-aws/issues/46663
        name_prefix=f"{content_name}-",
        production_variants=[production(scope, spec, needs, name, one, weights[name]) for name, one in served.items()],
        shadow_production_variants=[shadow(scope, spec, needs, copied)] if copied else None,
        kms_key_arn=volume_key(scope, spec, needs),
        data_capture_config=data_capture(spec, needs),
        tags=scope.tags,
        opts=scope.opts(depends_on=list(needs.identity.parts.grants), retain_on_delete=True),
    ).name


def _notes(scope: Scope, spec: EndpointSpec, components: bool) -> None:
    path = f"endpoints[{spec.name}]"
    if spec.secrets:
        names = ", ".join(sorted(spec.secrets))
        scope.note(
            f"{path}.secrets",
            f"SageMaker injects no secrets: {names} hold the ARNs, and the container reads the values as its role",
        )
    if components:
        if spec.awaits_model:
            called = component_name(scope.spec, spec)
            scope.note(
                f"{path}.model", f"whoever deploys one calls its inference component {called}: alarms look there"
            )
        return
    least, most = spec.replicas
    if len(spec.all_variants()) > 1:
        scope.note(f"{path}.replicas", f"every variant has replicas of its own, from {least} to {most}")
    if isinstance(spec.rollout, CanaryRollout) and least < 2:
        scope.note(
            f"{path}.rollout",
            "a single replica takes over all at once, watched by the alarms"
            if most < 2
            else "a canary takes two replicas, so a rollout starts with two; scaling takes one away when it is quiet",
        )
