"""The check that a dependency closes no cycle, without a generator for every resource on every path.

Pulumi makes it for each dependency of each resource, and copies a resource's dependencies to add one to them, which is
quadratic where a dashboard depends on a thousand endpoints.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from typing import Any

from pulumi import Resource
from pulumi.runtime import resource_cycle_breaker

_MODULE: Any = resource_cycle_breaker
_KEY: str = _MODULE._DEPENDENCIES_PROPERTY
plain_declare = resource_cycle_breaker.declare_dependency


def declare_dependency(from_resource: Resource, to_resource: Resource) -> bool:
    """Stands in for `pulumi.runtime.resource_cycle_breaker.declare_dependency`, on the same attribute."""
    if _reaches(to_resource, from_resource):
        return False
    known: set[Resource] | None = from_resource.__dict__.get(_KEY)
    if known is None:
        setattr(from_resource, _KEY, {to_resource})
    else:
        known.add(to_resource)
    return True


def _reaches(start: Resource, wanted: Resource) -> bool:
    seen = {start}
    pending = [start]
    while pending:
        one = pending.pop()
        if one == wanted:
            return True
        known: set[Resource] | None = one.__dict__.get(_KEY)
        if known:
            pending += known - seen
            seen |= known
    return False
