"""An endpoint of Vertex AI: the address, its alarms and objectives, and the workflow that deploys to it.

Pulumi manages the address alone: neither what is deployed nor the split of the traffic is an input, so that no `up`
undoes what the workflow has done. Google deletes no endpoint with a deployed model.
https://github.com/hashicorp/terraform-provider-google/issues/15303
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import vertex

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.monitoring.alarms import build_alert_policy
from mlplatform.backends.gcp.monitoring.dashboards import dashboard_url
from mlplatform.backends.gcp.naming import WORKFLOW
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.dashboards import build_endpoint_dashboard
from mlplatform.backends.gcp.serving.parts import GcpVertexEndpoint
from mlplatform.backends.gcp.serving.slo import build_objectives
from mlplatform.backends.gcp.serving.vertex.alarms import vertex_rules
from mlplatform.backends.gcp.serving.vertex.deployer import ensure_deployer
from mlplatform.backends.gcp.serving.vertex.deployment import images_ready, wanted_variants
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, private_host
from mlplatform.backends.gcp.serving.vertex.private import ensure_private_way
from mlplatform.backends.gcp.serving.vertex.workflow import build_workflow
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_DISPLAY = 128


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> GcpVertexEndpoint:
    """Build the endpoint after its alarms, its rights and its workflow.

    Raises:
        ValueError: it has no accelerator; `is_on_vertex` says so before.
    """
    if needs.choice is None:
        raise ValueError(f"endpoint '{spec.name}' has no accelerator")
    models = native(needs.models.parts, GcpModels)
    private = ensure_private_way(models) if spec.exposure == "private" else None
    variants = wanted_variants(scope, spec, needs, needs.choice)
    after = [
        *(build_alert_policy(scope, rule, spec.name) for rule in vertex_rules(scope, spec)),
        *build_workflow(scope, spec, needs, variants, private.zone if private else ""),
        *(private.ready if private else ()),
        *images_ready(needs, spec),
    ]
    build_objectives(scope, spec)
    endpoint = _address(scope, spec, needs, after)
    _note_steps(scope, spec)
    dashboard = build_endpoint_dashboard(scope, spec) if scope.spec.monitoring.dashboards else None
    return GcpVertexEndpoint(
        endpoint_name=endpoint.name,
        url=_url(scope, spec, endpoint),
        dashboard_url=dashboard_url(scope, dashboard) if dashboard else None,
        scope=scope,
        endpoint=endpoint,
        caller_role=ensure_deployer(models).caller_role,
    )


def _address(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, after: Sequence[pulumi.Resource]
) -> vertex.AiEndpoint:
    target = scope.target(GcpTarget)
    keys = native(scope.context.keys.parts, GcpKeys)
    deployer = ensure_deployer(native(needs.models.parts, GcpModels))
    return vertex.AiEndpoint(
        scope.child("service"),
        project=target.project,
        location=target.region,
        region=target.region,
        name=endpoint_id(scope.spec, target, spec),
        display_name=physical_name(scope.spec, spec.name, _DISPLAY),
        description=f"Endpoint {spec.name}",
        # with a name and a network plane of its own, for requests of up to 10 MB
        dedicated_endpoint_enabled=True if spec.exposure == "public" else None,
        private_service_connect_config=_private(scope, target) if spec.exposure == "private" else None,
        encryption_spec=vertex.AiEndpointEncryptionSpecArgs(kms_key_name=keys.ids["serving"]),
        labels={**scope.tags, "endpoint": spec.name},
        opts=scope.opts(
            depends_on=[
                *native(needs.identity.parts, GcpIdentity).grants,
                *keys.ready["serving"],
                *deployer.agent_ready,
                *after,
            ],
            # the workflow's; older versions of the provider would set it back
            ignore_changes=("trafficSplit",),
        ),
    )


def _private(scope: Scope, target: GcpTarget) -> vertex.AiEndpointPrivateServiceConnectConfigArgs:
    return vertex.AiEndpointPrivateServiceConnectConfigArgs(
        enable_private_service_connect=True,
        # without it, whoever reaches the address may call
        enable_secure_private_service_connect=True,
        project_allowlists=[target.project],
        psc_automation_configs=[
            vertex.AiEndpointPrivateServiceConnectConfigPscAutomationConfigArgs(
                project_id=target.project, network=native(scope.context.network.parts, GcpNetwork).network_id
            )
        ],
    )


def _url(scope: Scope, spec: EndpointSpec, endpoint: vertex.AiEndpoint) -> pulumi.Output[str]:
    target = scope.target(GcpTarget)
    host = (
        pulumi.Output.from_input(private_host(scope.spec, target, spec))
        if spec.exposure == "private"
        # its documentation shows it with a scheme, the API without
        else endpoint.dedicated_endpoint_dns.apply(lambda name: name.removeprefix("https://"))
    )
    path = f"v1/projects/{target.project_number}/locations/{target.region}/endpoints/"
    return pulumi.Output.concat("https://", host, "/", path, endpoint.name, ":rawPredict")


def _note_steps(scope: Scope, spec: EndpointSpec) -> None:
    path = f"endpoints[{spec.name}]"
    target = scope.target(GcpTarget)
    flow = physical_name(scope.spec, f"{spec.name}-deploy", WORKFLOW)
    scope.note(
        path,
        "Vertex AI deploys the model: a workflow starts every five minutes, uploads what the record of releases names, "
        "moves the traffic and takes it back, which `up` does not wait for",
    )
    scope.note(
        path,
        "Google deletes no endpoint with a deployed model: before its removal or `pulumi destroy`, run "
        f"`gcloud workflows run {flow} --location={target.region} --project={target.project} "
        "--data='{\"undeploy\": true}'`",
    )
    scope.note(
        f"{path}.accelerator",
        f"see whether {target.region} has the GPU for online inference: "
        "https://docs.cloud.google.com/vertex-ai/docs/general/locations#accelerators",
    )
    if spec.exposure == "private":
        scope.note(
            path,
            "its address follows with the first deployment; its certificate is Google's own for the domain "
            "prediction.p.vertexai.goog, so callers must be told to trust it",
        )
