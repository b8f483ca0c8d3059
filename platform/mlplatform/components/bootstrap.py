"""What must stand in an account before the first `up`, by a backend's `bootstrap` and `rights`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.fast.toml import read_toml
from mlplatform.spec.platform import PlatformSpec

Operation = Literal["create", "read", "update", "delete"]
"""A call of a provider."""
OPERATIONS: tuple[Operation, ...] = get_args(Operation)


@record(kw_only=True)
class PlannedResource:
    """A resource of a plan, as its rights depend on it."""

    type: str
    """Type token."""

    inputs: Mapping[str, object]
    """Inputs in wire names."""


class UnknownRights(LookupError):
    """A type of resource whose rights are in no table."""


class RightsTable:
    """The rights of each type of resource, from a backend's `rights.toml`.

    Args:
        file: the table.
    """

    def __init__(self, file: Path) -> None:
        self.data = read_toml(file)
        self._types = cast("Mapping[str, Mapping[str, Sequence[str]]]", self.data["types"])

    def of(self, kind: str, operation: Operation) -> tuple[str, ...]:
        """The rights that one operation on a type takes.

        Raises:
            UnknownRights: the type has no row.
        """
        row = self._types.get(kind) or self._types.get(f"{kind.partition(':')[0]}:*")
        if row is None:
            raise UnknownRights(f"{kind}: rights.toml does not say which rights it takes; add a row with their source")
        return tuple(row.get(operation, ()))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of the table's head."""
        return tuple(cast("Sequence[str]", self.data[key]))

    def lent(self, action: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Actions that a service takes with the caller's rights when it is asked for one, and patterns of what they are
        on; both are empty where it takes none."""
        rows = cast("Mapping[str, Mapping[str, Sequence[str]]]", self.data.get("lent", {}))
        row = rows.get(action, {})
        return tuple(row.get("actions", ())), tuple(row.get("on", ()))

    def scope(self, service: str) -> tuple[str, ...]:
        """Patterns of a service's resources; empty where no pattern can name them."""
        return tuple(cast("Mapping[str, Sequence[str]]", self.data["scope"]).get(service, ()))


@contract("bootstrap.rights")
class DerivesRights(Protocol):
    """The rights that one operation on a planned resource takes, in the cloud's own names, sorted."""

    def __call__(self, resource: PlannedResource, operation: Operation, /) -> tuple[str, ...]: ...


@record(kw_only=True)
class BootstrapStep:
    """Commands that belong together; to run them again changes nothing."""

    title: str
    """What they make."""

    why: str
    """Why it must be there before the first `up`."""

    commands: tuple[str, ...]
    """Shell commands of the cloud's own command line; a command may have several lines."""


@record(kw_only=True)
class Bootstrap:
    """What one stack needs in its account, in both forms: as commands, and as values of a Pulumi program."""

    state: str
    """URL for `pulumi login`."""

    secrets: str
    """Value of `--secrets-provider`; empty where the state is an existing one."""

    apply: tuple[str, ...]
    """Rights of whoever runs `up`, in the cloud's own names."""

    preview: tuple[str, ...]
    """Rights of whoever runs `preview`: they read only."""

    documents: Mapping[str, str]
    """JSON documents by file name: the policies and roles that the commands name."""

    steps: tuple[BootstrapStep, ...]
    """The commands, in order."""

    settings: tuple[str, ...]
    """What to write into the spec or the CI system afterwards, a sentence each."""

    limits: tuple[str, ...]
    """What these rights still allow, or a person must do, a sentence each."""

    values: Mapping[str, object]
    """Values of the Pulumi program, as JSON has them."""

    program: Path
    """Source of the Pulumi program that reads the values."""


@contract("bootstrap.bootstrap")
class BuildsBootstrap(Protocol):
    """Derives the bootstrap of one stack.

    Args: the spec, narrowed to one target; the planned resources; the URL of an existing state, or None.
    """

    def __call__(self, spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None, /) -> Bootstrap: ...


def sum_rights(
    derive: DerivesRights, resources: Iterable[PlannedResource], operations: Sequence[Operation]
) -> tuple[str, ...]:
    """The rights of some operations on all resources, sorted, each once.

    Raises:
        UnknownRights: naming every type without a row.
    """
    rights: set[str] = set()
    unknown: set[str] = set()
    for resource in resources:
        for operation in operations:
            try:
                rights.update(derive(resource, operation))
            except UnknownRights as error:
                unknown.add(str(error))
    if unknown:
        raise UnknownRights("\n".join(sorted(unknown)))
    return tuple(sorted(rights))


def plain(value: object) -> object:
    """A planned value without the wrapping of a secret."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        return items["value"] if "value" in items and len(items) == 2 else items
    return value
