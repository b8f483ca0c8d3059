"""Private addresses of Google's services: private DNS zones that answer for their public names."""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute, dns

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.naming import COMPUTE, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

DOMAINS = ("googleapis.com", "gcr.io", "pkg.dev", "run.app")
"""Domains that private.googleapis.com serves and the platform uses."""

_ADDRESSES = [f"199.36.153.{last}" for last in range(8, 12)]
_TTL = 300


def build_private_apis(scope: Scope, vpc: compute.Network, foundation: GcpFoundation) -> list[pulumi.Resource]:
    """A private zone per domain, and a log of the network's DNS queries.

    https://docs.cloud.google.com/vpc/docs/configure-private-google-access#config-domain
    """
    target = scope.target(GcpTarget)
    after = foundation.after("dns")
    resources: list[pulumi.Resource] = [
        dns.Policy(
            scope.child("dns-log"),
            project=target.project,
            name=physical_name(scope.spec, "dns-log", COMPUTE),
            enable_logging=True,
            networks=[dns.PolicyNetworkArgs(network_url=vpc.id)],
            opts=scope.opts(depends_on=after),
        )
    ]
    for domain in DOMAINS:
        zone = dns.ManagedZone(
            scope.child(f"zone-{slug(domain)}"),
            project=target.project,
            name=physical_name(scope.spec, slug(domain), COMPUTE),
            dns_name=f"{domain}.",
            description=f"{domain} by private addresses",
            visibility="private",
            private_visibility_config=dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=vpc.id)]
            ),
            labels=scope.tags,
            opts=scope.opts(depends_on=after),
        )
        name = "private.googleapis.com." if domain == "googleapis.com" else f"{domain}."
        resources.append(_record(scope, zone, f"{slug(domain)}-addresses", name, "A", _ADDRESSES))
        resources.append(_record(scope, zone, f"{slug(domain)}-names", f"*.{domain}.", "CNAME", [name]))
    return resources


def _record(scope: Scope, zone: dns.ManagedZone, role: str, name: str, kind: str, values: list[str]) -> dns.RecordSet:
    return dns.RecordSet(
        scope.child(role),
        project=scope.target(GcpTarget).project,
        managed_zone=zone.name,
        name=name,
        type=kind,
        ttl=_TTL,
        rrdatas=values,
        opts=scope.opts(),
    )
