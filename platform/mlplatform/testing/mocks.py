"""Strict mocks for a program's own tests: they refuse what the providers would refuse."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE, Account
from mlplatform.providers.check import check_resource
from mlplatform.providers.invokes import answer_invoke
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.refusal import ProviderRefused
from mlplatform.providers.schema import package_of
from mlplatform.providers.unique import UniqueNames
from mlplatform.providers.wire import plain_value


@dataclass(frozen=True)
class RecordedResource:
    """A resource that a mocked provider accepted."""

    type: str
    """Type token."""

    name: str
    """Logical name."""

    inputs: Mapping[str, object]
    """Wire-named inputs; secrets without their envelopes."""

    id: str
    """The id that the program got; empty for a component."""

    outputs: Mapping[str, object]
    """The outputs that the program got; of a component, its inputs."""

    custom: bool
    """False for a component."""

    provider: str = ""
    """Reference of an explicit provider; else empty."""

    parent: str = ""
    """URN of the component or stack that owns the resource; empty where the mocks run without their own monitor."""


class StrictMocks(pulumi.runtime.Mocks):
    """Pulumi mocks that check every resource and function call against the installed provider SDKs.

    A refused resource raises ProviderRefused, which names the resource, its type and, for each property, the refused
    value, the expected one and a fix. All problems of one resource are reported at once.

    Args:
        accounts: cloud (`aws`, `gcp`, `azure`) to the account in which resources are created. Omitted: sample accounts.
    """

    def __init__(self, accounts: Mapping[str, Account] | None = None) -> None:
        self.resources: list[RecordedResource] = []
        """Accepted resources in the order of their registration."""
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        """Function calls, as token and arguments."""
        self.refused: list[ProviderRefused] = []
        """Refusals so far, in order."""
        self._accounts = dict(accounts or {})
        self._names: dict[str, UniqueNames] = {}
        self._request = threading.local()

    def account(self, token: str) -> Account:
        """The account in which resources of this type are created."""
        package = package_of(token)
        cloud = CLOUD_OF_PACKAGE.get(package, package)
        return self._accounts.setdefault(cloud, Account.sample(cloud))

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """Checks and records a resource, and returns its id and outputs."""
        inputs = _values(args, "inputs")
        if args.custom is False:
            self._record(args, "", inputs)
            return "", inputs
        refusals = check_resource(args.typ, args.name, inputs)
        account = self.account(args.typ)
        names = self._names.setdefault(account.cloud, UniqueNames(account))
        account = self._under(account, args.provider or "")
        duplicate = names.add(args.typ, inputs, f"{args.typ} {args.name!r}", account.region)
        if duplicate is not None:
            refusals.append(duplicate)
        if refusals:
            raise self._refuse(ProviderRefused(f"{args.typ} {args.name!r}", refusals, _owner(self._parent())))
        id_, outputs = provider_outputs(args.typ, args.name, inputs, account)
        if args.resource_id:
            id_ = args.resource_id
        self._record(args, id_, outputs)
        return id_, outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        """Checks a function call and answers it."""
        known = _values(args, "args")
        self.calls.append((args.token, known))
        try:
            return answer_invoke(args.token, known, self.account(args.token)), []
        except ProviderRefused as refused:
            raise self._refuse(refused) from None

    @contextmanager
    def child_of(self, parent: str) -> Generator[None]:
        """Until the end of the block, resources that this thread registers are children of the resource of this URN."""
        self._request.parent = parent
        try:
            yield
        finally:
            self._request.parent = ""

    def of_type(self, token: str) -> list[RecordedResource]:
        """The accepted resources of one type."""
        return [resource for resource in self.resources if resource.type == token]

    def named(self, name: str) -> RecordedResource:
        """The one accepted resource of a logical name; LookupError if there is none or more than one."""
        resources = [resource for resource in self.resources if resource.name == name]
        if len(resources) != 1:
            names = ", ".join(sorted({resource.name for resource in self.resources})) or "none"
            raise LookupError(f"{len(resources)} resources are named {name!r}; recorded names: {names}")
        return resources[0]

    def _refuse(self, refused: ProviderRefused) -> ProviderRefused:
        self.refused.append(refused)
        return refused

    def _under(self, account: Account, provider: str) -> Account:
        """The account as an explicit provider sees it."""
        parts = provider.split("::")
        if len(parts) < 4:
            return account
        kind, name = parts[2].rpartition("$")[2], parts[3]
        explicit = next((known for known in self.resources if (known.type, known.name) == (kind, name)), None)
        return account.under(explicit.inputs) if explicit else account

    def _parent(self) -> str:
        return getattr(self._request, "parent", "")

    def _record(self, args: MockResourceArgs, id_: str, outputs: Mapping[str, object]) -> None:
        known = cast("Mapping[str, object]", plain_value(_values(args, "inputs")))
        custom = args.custom is not False
        self.resources.append(
            RecordedResource(args.typ, args.name, known, id_, outputs, custom, args.provider or "", self._parent())
        )


def _values(request: object, name: str) -> dict[str, object]:
    # Pulumi declares these as a bare `dict`.
    return cast("dict[str, object]", getattr(request, name))


def _owner(urn: str) -> str | None:
    # urn:pulumi:stack::project::parentType$type::name; the stack itself is no component.
    parts = urn.split("::")
    kind = parts[2].rpartition("$")[2] if len(parts) == 4 else ""
    return None if kind in ("", "pulumi:pulumi:Stack") else f"{kind} {parts[3]!r}"
