"""A stack's state, read from the output of `pulumi stack export`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlplatform.plan.sources.fields import items, mapping


@dataclass(frozen=True, slots=True)
class StateResource:
    """One custom resource in the state."""

    urn: str
    """Pulumi's name of the resource."""

    type: str
    """Type token."""

    id: str
    """The provider's id."""

    protect: bool
    """True if Pulumi refuses to delete it."""

    retained: bool
    """True if its deletion from the stack leaves it in the cloud."""

    pending: bool
    """True if it is replaced already and waits for its deletion."""

    parent: str
    """URN of its parent."""

    provider: str
    """URN and id of its provider."""

    @property
    def name(self) -> str:
        """Logical name."""
        return self.urn.split("::", 3)[3]


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """An operation that was under way when the engine ended."""

    urn: str
    """The resource."""

    kind: str
    """`creating`, `updating`, `deleting` and so on."""


@dataclass(frozen=True, slots=True)
class StackState:
    """The state of a stack."""

    resources: tuple[StateResource, ...]
    """Custom resources other than providers."""

    pending: tuple[PendingOperation, ...]
    """Interrupted operations."""

    urns: frozenset[str] = frozenset()
    """All resources, with components and providers."""

    providers: Mapping[str, str] | None = None
    """Providers' references by URN."""


def read_state(document: Mapping[str, object]) -> StackState:
    """Read an exported stack."""
    deployment = mapping(document.get("deployment"))
    resources = [mapping(item) for item in items(deployment.get("resources"))]
    operations = [mapping(item) for item in items(deployment.get("pending_operations"))]
    return StackState(
        resources=tuple(_custom_resources(resources)),
        pending=tuple(
            PendingOperation(str(mapping(op.get("resource")).get("urn", "")), str(op.get("type", "")))
            for op in operations
        ),
        urns=frozenset(str(resource.get("urn")) for resource in resources),
    )


def _custom_resources(resources: list[Mapping[str, object]]) -> Iterator[StateResource]:
    for resource in resources:
        token = str(resource.get("type", ""))
        if not resource.get("custom") or token.startswith("pulumi:") or resource.get("external"):
            continue
        yield StateResource(
            urn=str(resource.get("urn", "")),
            type=token,
            id=str(resource.get("id", "")),
            protect=bool(resource.get("protect")),
            retained=bool(resource.get("retainOnDelete")),
            pending=bool(resource.get("delete")),
            parent=str(resource.get("parent", "")),
            provider=str(resource.get("provider", "")),
        )
