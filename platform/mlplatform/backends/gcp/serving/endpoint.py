"""A serving endpoint on Cloud Run: one service per model, a router before them where one is needed.

Vertex AI deploys an own model only by a call at run time, so that it could be neither planned nor reviewed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import cloudrunv2, secretmanager, serviceaccount

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.monitoring.alerts import build_alert_policy
from mlplatform.backends.gcp.monitoring.dashboards import dashboard_url
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.alerts import endpoint_rules
from mlplatform.backends.gcp.serving.dashboards import build_endpoint_dashboard
from mlplatform.backends.gcp.serving.grants import grant_invoker
from mlplatform.backends.gcp.serving.model_service import model_revision, router_revision, waiting_revision
from mlplatform.backends.gcp.serving.names import is_routed, served, service_name
from mlplatform.backends.gcp.serving.parts import GcpEndpoint
from mlplatform.backends.gcp.serving.rollout import is_watched
from mlplatform.backends.gcp.serving.rollout_workflow import ensure_rollout_workflow
from mlplatform.backends.gcp.serving.slo import objectives
from mlplatform.backends.gcp.serving.variants import Front, service
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.spec.endpoints import CanaryRollout, EndpointSpec


def build(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> GcpEndpoint:
    """Make the endpoint's services, alarms, objectives and dashboard; alarms and rights come before the services."""
    after = [
        *_rights(scope, spec, needs),
        *(build_alert_policy(scope, rule, spec.name) for rule in endpoint_rules(scope, spec)),
    ]
    objectives(scope, spec)
    behind: dict[str, cloudrunv2.Service] = {}
    if is_routed(spec):
        front, behind = _routed(scope, spec, needs, after)
    else:
        one = served(spec)[0]
        revision = waiting_revision(spec, needs) if spec.awaits_model else model_revision(scope, spec, needs, one)
        front = service(
            scope,
            spec,
            needs,
            "service",
            service_name(scope.spec, spec.name),
            revision,
            Front(public=spec.exposure == "public", rolled_out=True),
            after,
        )
    _tell(scope, spec)
    shown = build_endpoint_dashboard(scope, spec) if scope.spec.monitoring.dashboards else None
    return GcpEndpoint(
        endpoint_name=front.name,
        url=front.uri,
        dashboard_url=dashboard_url(scope, shown) if shown else None,
        scope=scope,
        service=front,
        behind=behind,
    )


def _routed(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, after: Sequence[pulumi.Resource]
) -> tuple[cloudrunv2.Service, dict[str, cloudrunv2.Service]]:
    """The models first: the router must find them, and may call them."""
    member = native(needs.identity.parts, GcpIdentity).principal
    behind: dict[str, cloudrunv2.Service] = {}
    rights: list[pulumi.Resource] = []
    for one in served(spec):
        role = f"variant-{one.role}"
        behind[one.role] = service(
            scope,
            spec,
            needs,
            role,
            service_name(scope.spec, spec.name, one.role),
            model_revision(scope, spec, needs, one),
            Front(public=False, rolled_out=one.live),
            after,
        )
        rights.append(grant_invoker(scope, f"{role}-router", behind[one.role], member))
    front = service(
        scope,
        spec,
        needs,
        "service",
        service_name(scope.spec, spec.name),
        router_revision(scope, spec, needs),
        Front(public=spec.exposure == "public", rolled_out=False),
        [*after, *rights, *behind.values()],
    )
    return front, behind


def _rights(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> list[pulumi.Resource]:
    """What the replicas may read, and who may deploy as them."""
    target = scope.target(GcpTarget)
    identity = native(needs.identity.parts, GcpIdentity)
    made: list[pulumi.Resource] = [
        secretmanager.SecretIamMember(
            scope.child(f"secret-{secret}"),
            project=target.project,
            secret_id=secret,
            role="roles/secretmanager.secretAccessor",
            member=identity.principal,
            opts=scope.opts(),
        )
        for secret in sorted(set(spec.secrets.values()))
    ]
    if identity.account and is_watched(spec):
        made.append(
            serviceaccount.IAMMember(
                scope.child("rollout-acts-as"),
                service_account_id=identity.account.name,
                role="roles/iam.serviceAccountUser",
                member=ensure_rollout_workflow(native(needs.models.parts, GcpModels)).member,
                opts=scope.opts(),
            )
        )
    return made


def _tell(scope: Scope, spec: EndpointSpec) -> None:
    path = f"endpoints[{spec.name}]"
    for secret in sorted(set(spec.secrets.values())):
        scope.note(f"{path}.secrets", f"Secret Manager must hold '{secret}' with a version before `up`")
    if isinstance(spec.rollout, CanaryRollout):
        scope.note(
            f"{path}.rollout",
            "traffic is moved by a workflow after `up` has made the new revision; "
            "run `pulumi up --refresh` so that the state knows what it moved",
        )
    if is_routed(spec):
        scope.note(
            path,
            "Cloud Run neither splits between services, nor mirrors, nor keeps requests: "
            "a router (Envoy) stands before the models",
        )
