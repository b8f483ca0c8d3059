"""A serving endpoint on Cloud Run: one service per model, a router before them where one is needed.

An accelerator that Cloud Run has not makes it an endpoint of Vertex AI, which takes a model only by a call at run time:
a workflow of the plan does that.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import cloudrunv2, serviceaccount

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.monitoring.alarms import build_alert_policy
from mlplatform.backends.gcp.monitoring.dashboards import dashboard_url
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.alarms import endpoint_rules
from mlplatform.backends.gcp.serving.dashboards import build_endpoint_dashboard
from mlplatform.backends.gcp.serving.grants import grant_invoker
from mlplatform.backends.gcp.serving.model_service import model_revision, router_revision, waiting_revision
from mlplatform.backends.gcp.serving.names import is_routed, served_models, service_name
from mlplatform.backends.gcp.serving.parts import GcpEndpoint
from mlplatform.backends.gcp.serving.rollout import is_watched
from mlplatform.backends.gcp.serving.rollout_workflow import ensure_rollout_workflow
from mlplatform.backends.gcp.serving.secrets import grant_secrets, note_secrets
from mlplatform.backends.gcp.serving.slo import build_objectives
from mlplatform.backends.gcp.serving.variants import Exposure, build_service
from mlplatform.backends.gcp.serving.vertex.names import is_on_vertex
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds, EndpointParts
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import CanaryRollout


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> EndpointParts:
    """Build the endpoint's services, alarms, objectives and dashboard; the services depend on alarms and rights."""
    if is_on_vertex(spec):
        from mlplatform.backends.gcp.serving import vertex_endpoint as on_vertex

        return on_vertex.build(scope, spec, needs)
    after = [
        *_rights(scope, spec, needs),
        *(build_alert_policy(scope, rule, spec.name) for rule in endpoint_rules(scope, spec)),
    ]
    build_objectives(scope, spec)
    behind: dict[str, cloudrunv2.Service] = {}
    if is_routed(spec):
        front, behind = _routed(scope, spec, needs, after)
    else:
        model = served_models(spec)[0]
        revision = waiting_revision(spec, needs) if spec.awaits_model else model_revision(scope, spec, needs, model)
        front = build_service(
            scope,
            spec,
            needs,
            "service",
            service_name(scope.spec, spec.name),
            revision,
            Exposure(public=spec.exposure == "public", rolled_out=True),
            after,
        )
    _note_steps(scope, spec)
    dashboard = build_endpoint_dashboard(scope, spec) if scope.spec.monitoring.dashboards else None
    return GcpEndpoint(
        endpoint_name=front.name,
        url=front.uri,
        dashboard_url=dashboard_url(scope, dashboard) if dashboard else None,
        scope=scope,
        service=front,
        behind=behind,
    )


def _routed(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, after: Sequence[pulumi.Resource]
) -> tuple[cloudrunv2.Service, dict[str, cloudrunv2.Service]]:
    """The models, and the router that depends on them and on its right to call them."""
    member = native(needs.identity.parts, GcpIdentity).principal
    behind: dict[str, cloudrunv2.Service] = {}
    rights: list[pulumi.Resource] = []
    for model in served_models(spec):
        role = f"variant-{model.role}"
        behind[model.role] = build_service(
            scope,
            spec,
            needs,
            role,
            service_name(scope.spec, spec.name, model.role),
            model_revision(scope, spec, needs, model),
            Exposure(public=False, rolled_out=model.live),
            after,
        )
        rights.append(grant_invoker(scope, f"{role}-router", behind[model.role], member))
    front = build_service(
        scope,
        spec,
        needs,
        "service",
        service_name(scope.spec, spec.name),
        router_revision(scope, spec, needs),
        Exposure(public=spec.exposure == "public", rolled_out=False),
        [*after, *rights, *behind.values()],
    )
    return front, behind


def _rights(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> list[pulumi.Resource]:
    """Rights of the replicas to secrets, and of the rollout workflow to deploy with their account."""
    identity = native(needs.identity.parts, GcpIdentity)
    rights = grant_secrets(scope, spec, identity, spec.secrets.values())
    if identity.account_name and is_watched(spec):
        rights.append(
            serviceaccount.IAMMember(
                scope.child("rollout-acts-as"),
                service_account_id=identity.account_name,
                role="roles/iam.serviceAccountUser",
                member=ensure_rollout_workflow(native(needs.models.parts, GcpModels)).member,
                opts=scope.opts(),
            )
        )
    return rights


def _note_steps(scope: Scope, spec: EndpointSpec) -> None:
    path = f"endpoints[{spec.name}]"
    note_secrets(scope, spec, spec.secrets.values())
    if isinstance(spec.rollout, CanaryRollout):
        scope.note(
            f"{path}.rollout",
            "a workflow moves traffic after `up` has created the new revision; "
            "run `pulumi up --refresh`, so that the state contains the moved traffic",
        )
    if is_routed(spec):
        scope.note(
            path,
            "Cloud Run cannot split traffic between services, mirror or capture requests: "
            "a router (Envoy) runs in front of the models",
        )
