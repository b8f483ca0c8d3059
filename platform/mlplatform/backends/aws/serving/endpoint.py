"""SageMaker real-time endpoints: variants, shadow, guarded rollout, capture, autoscaling."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.naming import CONFIG_PREFIX, SAGEMAKER
from mlplatform.backends.aws.serving.alarms import make_rollback_alarms, make_saturation_alarms
from mlplatform.backends.aws.serving.autoscaling import autoscale_variant
from mlplatform.backends.aws.serving.capture import capture_settings
from mlplatform.backends.aws.serving.component_host import component_name, make_component_host
from mlplatform.backends.aws.serving.dashboards import make_endpoint_dashboard
from mlplatform.backends.aws.serving.metrics import component_source, variant_sources
from mlplatform.backends.aws.serving.parts import AwsEndpoint
from mlplatform.backends.aws.serving.role import grant_serving_role
from mlplatform.backends.aws.serving.rollout import endpoint_deployment, initial_replicas
from mlplatform.backends.aws.serving.sleeping import make_component
from mlplatform.backends.aws.serving.slo import make_slo_alarms
from mlplatform.backends.aws.serving.taken_back import refuse_taken_back
from mlplatform.backends.aws.serving.variants import (
    instance_type,
    live_variant,
    make_model,
    replica_machine,
    shadow_variant,
    volume_key,
)
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.names import hashed_name, physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import CanaryRollout


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> AwsEndpoint:
    """Create one endpoint."""
    target = scope.target(AwsTarget)
    name = physical_name(scope.spec, spec.name, SAGEMAKER)
    # an endpoint that sleeps or waits for its first model adds and removes copies of a model as components
    components = spec.sleeps or spec.awaits_model
    variants = tuple(variant.name for variant in spec.all_variants())
    component = component_name(scope.spec, spec)
    sources = [component_source(component)] if components else variant_sources(name, variants)
    logs = _logs(scope, spec, needs, name, component if components else None)
    alarms = make_rollback_alarms(scope, spec.rollout, sources)
    _notes(scope, spec, components)
    config_name = make_component_host(scope, spec, needs) if components else _config(scope, spec, needs)
    endpoint = sagemaker.Endpoint(
        scope.child("endpoint"),
        name=name,
        endpoint_config_name=config_name,
        deployment_config=endpoint_deployment(spec, alarms),
        tags=scope.tags,
        opts=pulumi.ResourceOptions.merge(
            scope.opts(
                depends_on=[*logs, *alarms, *needs.identity.parts.grants],
                delete_before_replace=True,
                timeouts={"create": "60m", "update": "60m", "delete": "60m"},
            ),
            # an endpoint of components cannot become one of plain variants, nor vice versa
            pulumi.ResourceOptions(replacement_trigger="components" if components else "variants"),
        ),
    )
    host = replica_machine(scope, spec, needs)
    gpus = needs.choice.accelerator.count if needs.choice else 0
    if components and not spec.awaits_model:
        make_component(scope, spec, needs, endpoint, alarms, logs)
    elif not components:
        for variant in variants:
            autoscale_variant(scope, spec, variant, name, [endpoint], gpus, host.vcpus)
    make_saturation_alarms(scope, sources, gpus, host.vcpus, fills_memory=spec.server == "vllm")
    if spec.slo:
        make_slo_alarms(scope, spec.slo, name, sources)
    arns = (target.arn("sagemaker", f"endpoint/{name}"),)
    serving = refuse_taken_back(endpoint, config_name)
    return AwsEndpoint(
        endpoint_name=serving,
        url=pulumi.Output.concat(
            f"https://runtime.sagemaker.{target.region}.{target.dns_suffix}/endpoints/",
            serving,
            "/invocations",
        ),
        dashboard_url=make_endpoint_dashboard(scope, spec, sources) if scope.spec.monitoring.dashboards else None,
        scope=scope,
        arns=(*arns, target.arn("sagemaker", f"inference-component/{component}")) if components else arns,
        private=spec.exposure == "private",
    )


def _logs(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, name: str, component: str | None
) -> list[pulumi.Resource]:
    """Log groups, which SageMaker would otherwise create without key and retention, and the right to write to them."""
    names = {"logs": f"/aws/sagemaker/Endpoints/{name}"}
    if component:
        names["component-logs"] = f"/aws/sagemaker/InferenceComponents/{component}"
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    grant_serving_role(scope, spec, needs, list(names.values()))
    return [
        # the first release of an endpoint that does not sleep deletes the group of its component
        telemetry.log_group(scope, role, group, temporary=role == "component-logs" and not spec.sleeps)
        for role, group in names.items()
    ]


def _config(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> pulumi.Output[str]:
    """The configuration of an endpoint of plain variants; returns its name."""
    live_models = {
        variant.name: make_model(scope, spec, needs, variant.name, variant.model, variant.image)
        for variant in spec.all_variants()
    }
    shadow = spec.shadow
    shadow_model = make_model(scope, spec, needs, shadow.name, shadow.model, shadow.image) if shadow else None
    weights = {variant.name: variant.traffic_percent for variant in spec.all_variants()}
    content: list[object] = [
        {name: [model.name, weights[name]] for name, model in live_models.items()},
        [shadow_model.name, shadow.sample_percent] if shadow_model and shadow else None,
        initial_replicas(spec),
        instance_type(scope, spec, needs),
        spec.capture_percent,
    ]
    content_name = hashed_name(scope.spec, spec.name, json.dumps(content, sort_keys=True), CONFIG_PREFIX - 1)
    return sagemaker.EndpointConfiguration(
        scope.child("config"),
        # SageMaker may silently roll back to an older one, and deleting that would break every later update, so all
        # are kept; the provider adds a unique suffix, because a return to an older one would reuse its name,
        # https://github.com/hashicorp/terraform-provider-aws/issues/46663
        name_prefix=f"{content_name}-",
        production_variants=[
            live_variant(scope, spec, needs, name, model, weights[name]) for name, model in live_models.items()
        ],
        shadow_production_variants=[shadow_variant(scope, spec, needs, shadow_model)] if shadow_model else None,
        kms_key_arn=volume_key(scope, spec, needs),
        data_capture_config=capture_settings(spec, needs),
        tags=scope.tags,
        opts=scope.opts(depends_on=list(needs.identity.parts.grants), retain_on_delete=True),
    ).name


def _notes(scope: Scope, spec: EndpointSpec, components: bool) -> None:
    path = f"endpoints[{spec.name}]"
    if spec.secrets:
        names = ", ".join(sorted(spec.secrets))
        scope.note(
            f"{path}.secrets",
            f"SageMaker injects no secrets: {names} contain ARNs; let the container read the values with its role",
        )
    if components:
        return
    least, most = spec.replicas
    if len(spec.all_variants()) > 1:
        scope.note(f"{path}.replicas", f"every variant has its own replicas, from {least} to {most}")
    if isinstance(spec.rollout, CanaryRollout) and least < 2:
        scope.note(
            f"{path}.rollout",
            "a single replica takes all traffic at once, watched by the alarms"
            if most < 2
            else "a canary needs two replicas, so a rollout starts with two; autoscaling removes one at low traffic",
        )
