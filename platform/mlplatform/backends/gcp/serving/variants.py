"""Cloud Run services: one per model, and the one that callers use. A revision is named after its content."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.grants import grant_developer
from mlplatform.backends.gcp.serving.revision_name import name_revision
from mlplatform.backends.gcp.serving.rollout import ignored_properties, initial_traffic, is_watched, rollout_annotation
from mlplatform.backends.gcp.serving.rollout_workflow import ensure_rollout_workflow
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce

_Template = cloudrunv2.ServiceTemplateArgs


@record(kw_only=True)
class Revision:
    """Containers and settings of one service."""

    containers: Sequence[cloudrunv2.ServiceTemplateContainerArgs]
    """The containers; the first one receives requests."""

    volumes: Sequence[cloudrunv2.ServiceTemplateVolumeArgs] = ()
    """Volumes that they mount."""

    scaling: cloudrunv2.ServiceTemplateScalingArgs
    """Bounds and target of autoscaling."""

    concurrency: int
    """Most requests in flight in one instance."""

    accelerator: str | None = None
    """GPU; None for CPU."""

    ready: Sequence[pulumi.Resource]
    """Caches and rights for its images; the service depends on them."""


@record(kw_only=True)
class Exposure:
    """Callers and rollout of a service."""

    public: bool
    """Whether it is reachable from the internet; callers need an identity in any case."""

    rolled_out: bool
    """Whether the endpoint's rollout applies; a router and a shadow get all traffic at once."""


def build_service(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    role: str,
    name: str,
    revision: Revision,
    exposure: Exposure,
    after: Sequence[pulumi.Resource],
) -> cloudrunv2.Service:
    """Build a service for known identities: with its own account, the platform's key, egress through the network."""
    target = scope.target(GcpTarget)
    keys = native(scope.context.keys.parts, GcpKeys)
    network = native(scope.context.network.parts, GcpNetwork)
    rolled = spec if exposure.rolled_out else spec.overlay(rollout=AllAtOnce())
    rollout = ensure_rollout_workflow(native(needs.models.parts, GcpModels)) if is_watched(rolled) else None
    template = _template(scope, spec, needs, revision)
    name_of_revision = name_revision(name, template)
    template.revision = name_of_revision
    service = cloudrunv2.Service(
        scope.child(role),
        project=target.project,
        location=target.region,
        name=name,
        description=f"Endpoint {spec.name}",
        ingress="INGRESS_TRAFFIC_ALL" if exposure.public else "INGRESS_TRAFFIC_INTERNAL_ONLY",
        binary_authorization=cloudrunv2.ServiceBinaryAuthorizationArgs(use_default=True),
        # holds no state, and removing an endpoint should need one step
        deletion_protection=False,
        annotations=rollout_annotation(rolled, scope.spec.monitoring.alerts) or None,
        # not on the revision: it cannot be changed, and a new owner is not a new model
        labels={**scope.tags, "endpoint": spec.name},
        template=template,
        traffics=initial_traffic(rolled, name_of_revision),
        opts=scope.opts(
            depends_on=[
                *native(needs.identity.parts, GcpIdentity).grants,
                *keys.ready["serving"],
                *network.ready,
                *revision.ready,
                *(rollout.ready if rollout else ()),
                *native(scope.context.foundation.parts, GcpFoundation).after("run", "binaryauthorization"),
                *after,
            ],
            ignore_changes=ignored_properties(rolled) or None,
            timeouts={"create": "30m", "update": "30m"},
        ),
    )
    if rollout:
        grant_developer(scope, f"{role}-rollout", service, rollout.member)
    return service


def _template(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    revision: Revision,
) -> _Template:
    keys = native(scope.context.keys.parts, GcpKeys)
    network = native(scope.context.network.parts, GcpNetwork)
    identity = native(needs.identity.parts, GcpIdentity)
    return _Template(
        service_account=identity.email,
        encryption_key=keys.ids["serving"],
        # Cloud Storage can only be mounted in the second generation
        execution_environment="EXECUTION_ENVIRONMENT_GEN2",
        containers=list(revision.containers),
        volumes=list(revision.volumes) or None,
        scaling=revision.scaling,
        max_instance_request_concurrency=revision.concurrency,
        timeout=f"{spec.timeout_seconds}s",
        node_selector=cloudrunv2.ServiceTemplateNodeSelectorArgs(accelerator=revision.accelerator)
        if revision.accelerator
        else None,
        # a spare GPU in a second zone needs another quota, at a higher price
        gpu_zonal_redundancy_disabled=True if revision.accelerator else None,
        vpc_access=cloudrunv2.ServiceTemplateVpcAccessArgs(
            egress="ALL_TRAFFIC",
            network_interfaces=[
                cloudrunv2.ServiceTemplateVpcAccessNetworkInterfaceArgs(subnetwork=network.apps_subnet_id)
            ],
        ),
    )
