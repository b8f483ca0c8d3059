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
from mlplatform.providers.wire import bare


@dataclass(frozen=True)
class RecordedResource:
    """A resource that a mocked provider accepted.

    inputs are wire-named with secrets taken out of their envelopes. id and outputs are what the program
    got back; components have neither. provider is the reference of an explicit provider, else empty.
    parent is the URN of the component or stack that owns it, empty where the mocks run without their own
    monitor.
    """

    type: str
    name: str
    inputs: Mapping[str, object]
    id: str
    outputs: Mapping[str, object]
    custom: bool
    provider: str = ""
    parent: str = ""


class StrictMocks(pulumi.runtime.Mocks):
    """Pulumi mocks that check every resource and function call against the installed provider SDKs.

    A refused resource raises ProviderRefused, which names the resource, its type, each property with what
    was got and expected, and a fix; everything that is wrong with one resource comes at once.

    accounts: cloud (`aws`, `gcp`, `azure`) to the account in which resources land. Omitted: made-up ones.
    """

    def __init__(self, accounts: Mapping[str, Account] | None = None) -> None:
        self.resources: list[RecordedResource] = []
        """Accepted resources in the order of their registration."""
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        """Function calls, as token and arguments."""
        self.refused: list[ProviderRefused] = []
        """What was refused so far, in order."""
        self._accounts = dict(accounts or {})
        self._names: dict[str, UniqueNames] = {}
        self._request = threading.local()

    def account(self, token: str) -> Account:
        """The account in which resources of this type land."""
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
        taken = names.add(args.typ, inputs, f"{args.typ} {args.name!r}", account.region)
        if taken is not None:
            refusals.append(taken)
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
        """Within it, resources registered by this thread belong to the resource of this URN."""
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
        found = [resource for resource in self.resources if resource.name == name]
        if len(found) != 1:
            known = ", ".join(sorted({resource.name for resource in self.resources})) or "none"
            raise LookupError(f"{len(found)} resources are named {name!r}; recorded names: {known}")
        return found[0]

    def _refuse(self, refused: ProviderRefused) -> ProviderRefused:
        self.refused.append(refused)
        return refused

    def _under(self, account: Account, provider: str) -> Account:
        """The account as an explicit provider sees it."""
        parts = provider.split("::")
        if len(parts) < 4:
            return account
        kind, name = parts[2].rpartition("$")[2], parts[3]
        made = next((one for one in self.resources if (one.type, one.name) == (kind, name)), None)
        return account.under(made.inputs) if made else account

    def _parent(self) -> str:
        return getattr(self._request, "parent", "")

    def _record(self, args: MockResourceArgs, id_: str, outputs: Mapping[str, object]) -> None:
        known = cast("Mapping[str, object]", bare(_values(args, "inputs")))
        custom = args.custom is not False
        self.resources.append(
            RecordedResource(args.typ, args.name, known, id_, outputs, custom, args.provider or "", self._parent())
        )


def _values(request: object, name: str) -> dict[str, object]:
    # Pulumi declares these as a bare `dict`.
    return cast("dict[str, object]", getattr(request, name))


def _owner(urn: str) -> str | None:
    # urn:pulumi:stack::project::parentType$type::name; the stack itself is nobody's component.
    parts = urn.split("::")
    kind = parts[2].rpartition("$")[2] if len(parts) == 4 else ""
    return None if kind in ("", "pulumi:pulumi:Stack") else f"{kind} {parts[3]!r}"
