"""The network: created private by default, or an existing one that the target names."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel

_SMALLEST = {"cidr": 24, "pod_cidr": 20, "service_cidr": 24}
"""Longest prefix of each range. A node takes up to 256 addresses for pods, so that a smaller range has no room."""

Nat = Literal["per-zone", "single", "none"]


class NetworkSpec(SpecModel):
    """The platform's network. To use an existing one, set the target's `network`."""

    cidr: IPv4Network = IPv4Network("10.40.0.0/16")
    """Address range of nodes, endpoints and private endpoints; /16 to /24, as far as the pools fit."""

    pod_cidr: IPv4Network = IPv4Network("100.64.0.0/16")
    """Address range of the cluster's pods; /16 to /20, must not overlap the others."""

    service_cidr: IPv4Network = IPv4Network("172.20.0.0/16")
    """Virtual address range of the cluster's services; /16 to /24, must not overlap the others."""

    zones: int | None = Field(default=None, ge=2, le=3)
    """Number of zones. Omitted: 3 in staging and prod, 2 in dev."""

    nat: Nat | None = None
    """Egress to the internet: one gateway per zone, a single one, or none (private endpoints only).

    Omitted: per-zone in prod, single elsewhere.
    """

    private_endpoints: bool = True
    """Reach the cloud's own services without leaving its network."""

    flow_logs: bool = True
    """Keep network flow logs for `monitoring.log_retention_days`."""

    @model_validator(mode="after")
    @refuses
    def _ranges(self) -> Iterator[FieldProblem]:
        ranges = {"cidr": self.cidr, "pod_cidr": self.pod_cidr, "service_cidr": self.service_cidr}
        for field, value in ranges.items():
            if not 16 <= value.prefixlen <= _SMALLEST[field]:
                yield FieldProblem(
                    (field,),
                    f"a prefix from /16 to /{_SMALLEST[field]}",
                    "choose a range of that size",
                    got=f"'{value}'",
                )
            if not (value.is_private or value.subnet_of(IPv4Network("100.64.0.0/10"))):
                yield FieldProblem(
                    (field,), "a private range", "choose one from RFC 1918 or 100.64.0.0/10", got=f"'{value}'"
                )
        for (first, a), (second, b) in combinations(ranges.items(), 2):
            if a.overlaps(b):
                # the author can only change what stands in the spec
                wrong, other = (first, second) if first in self.model_fields_set else (second, first)
                yield FieldProblem(
                    (wrong,),
                    f"a range that does not overlap {other}, {ranges[other]}",
                    f"choose another range for {wrong} or {other}",
                    got=f"'{ranges[wrong]}'",
                    fields=((other,),),
                )
