"""Public entries of several endpoints together: no two have one name, and none has a name of the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlplatform.field_problem import FieldProblem

if TYPE_CHECKING:
    from mlplatform.spec.endpoints import EndpointSpec

_INSIDE = (".cluster.local", ".svc")


def entry_problems(endpoints: Sequence[EndpointSpec]) -> Iterator[FieldProblem]:
    """Hosts are also what tokens are for: with one host, the tokens for one endpoint would open the other.

    Args:
        endpoints: all endpoints of the platform.
    """
    first: dict[str, int] = {}
    for index, endpoint in enumerate(endpoints):
        if endpoint.entry is None:
            continue
        host = endpoint.entry.host
        at = ("endpoints", index, "entry", "host")
        if host.endswith(_INSIDE):
            yield FieldProblem(
                at,
                "a public name: the cluster's own names have no certificate, and their tokens are for other endpoints",
                "write a name of a domain that you own",
                got=f"'{host}'",
            )
        elif host in first:
            yield FieldProblem(
                at,
                f"a name that no other endpoint has: it leads to one load balancer, that of endpoints[{first[host]}]",
                "write another name",
                got=f"'{host}'",
                fields=(("endpoints", first[host], "entry", "host"),),
            )
        first.setdefault(host, index)
