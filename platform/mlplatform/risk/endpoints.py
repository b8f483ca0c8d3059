"""Fields of endpoints that a change of a spec touches, for the rules about what watches and what is kept of them.

They are read from the spec and not from the plan: clouds write them into documents of their own. A change of which only
plans are known says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlplatform.risk.evidence import Evidence
from mlplatform.risk.pipelines import fields_of

_COMPONENTS = ("mlplatform:index:Endpoint", "mlplatform:index:ClusterEndpoint")


@dataclass(frozen=True, slots=True)
class EndpointField:
    """One field that changes."""

    endpoint: str
    """Name of the endpoint."""

    urn: str
    """The component of the endpoint."""

    path: str
    """The field below the endpoint: `monitor.every_hours`."""

    where: str
    """The whole path, also where it is an override of the target."""

    before: object
    """Former value; None where it is added."""

    after: object
    """New value; None where it is removed."""


def changed_endpoint_fields(evidence: Evidence) -> Iterator[EndpointField]:
    """Fields of the endpoints that this target had before and has after the change, with those that it overrides."""
    before, after = (_endpoints(side) for side in (evidence.before, evidence.after))
    for change in evidence.diff.spec_changes:
        parts = change.path.split(".")
        if parts[0] == "targets":
            parts = parts[2:] if parts[1:2] == [evidence.diff.target] else []
        if len(parts) < 2 or parts[0] != "endpoints":
            continue
        name = parts[1]
        urn = _found(after, name)
        if not urn or not _found(before, name):
            continue
        if len(parts) > 2:
            yield EndpointField(name, urn, ".".join(parts[2:]), change.path, change.before, change.after)
            continue
        # an override that comes or goes as a whole
        old, new = fields_of(change.before), fields_of(change.after)
        for field in sorted({*old, *new}):
            if old.get(field) != new.get(field):
                yield EndpointField(name, urn, field, f"{change.path}.{field}", old.get(field), new.get(field))


def _endpoints(steps: Mapping[str, object]) -> list[str]:
    return [urn for urn in steps if urn.rpartition("::")[0].endswith(_COMPONENTS)]


def _found(urns: list[str], name: str) -> str:
    return next((urn for urn in urns if urn.endswith((f"-endpoint-{name}", f"::{name}"))), "")
