"""The way from the platform's network to private endpoints of Vertex AI: Private Service Connect, and a name.

Vertex AI connects the network itself where a policy of the network lets it, with an endpoint's first deployment. The
certificate is for the name, so a private zone has it; the workflow writes the address there.
https://docs.cloud.google.com/vertex-ai/docs/predictions/private-service-connect
"""

from __future__ import annotations

import pulumi
from pulumi_gcp import dns, networkconnectivity

from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.serving.vertex.names import PRIVATE_DOMAIN
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.fast.record import record

_SERVICE_CLASS = "gcp-vertexai"


@record(kw_only=True)
class PrivateWay:
    """What private endpoints share in the platform's network."""

    zone: pulumi.Output[str]
    """`projects/P/managedZones/Z` of their names."""

    ready: tuple[pulumi.Resource, ...]
    """The policy and the zone: endpoints come after these."""


def ensure_private_way(models: GcpModels) -> PrivateWay:
    """The way to every private endpoint of the platform, built on first use."""
    return models.share(PrivateWay, lambda: _build(models))


def _build(models: GcpModels) -> PrivateWay:
    scope, foundation = models.scope, models.keys.foundation
    target = scope.target(GcpTarget)
    network = native(scope.context.network.parts, GcpNetwork)
    service = enable_service(scope, "networkconnectivity", after=foundation.after("cloudresourcemanager"))
    policy = networkconnectivity.ServiceConnectionPolicy(
        scope.child("vertex-way"),
        project=target.project,
        location=target.region,
        name=physical_name(scope.spec, "vertex", COMPUTE),
        description="Lets Vertex AI connect its private endpoints to this network",
        service_class=_SERVICE_CLASS,
        network=network.network_id,
        psc_config=networkconnectivity.ServiceConnectionPolicyPscConfigArgs(subnetworks=[network.apps_subnet_id]),
        labels=scope.tags,
        opts=scope.opts(depends_on=[service, *network.ready]),
    )
    zone = dns.ManagedZone(
        scope.child("vertex-names"),
        project=target.project,
        name=physical_name(scope.spec, "vertex", COMPUTE),
        dns_name=f"{PRIVATE_DOMAIN}.",
        description="Private endpoints of Vertex AI by name",
        visibility="private",
        private_visibility_config=dns.ManagedZonePrivateVisibilityConfigArgs(
            networks=[dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network.network_id)]
        ),
        # the workflows write its records
        force_destroy=True,
        labels=scope.tags,
        opts=scope.opts(depends_on=foundation.after("dns")),
    )
    path = zone.name.apply(lambda name: f"projects/{target.project}/managedZones/{name}")
    return PrivateWay(zone=path, ready=(policy, zone))
