"""What most rules ask: a property that is true, set, one of some values, or a key of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import Applies, CheckFault, Test
from mlplatform.checks.wording import shown

VENDORS_OWN = ("alias/aws/", ":alias/aws/")


def is_true(path: str, reason: str, *, default: bool = False) -> Test:
    """A property is true; `default` where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if not resource.true(path, default=default):
            yield CheckFault(reason, path)

    return test


def is_false(path: str, reason: str, *, default: bool = False) -> Test:
    """A property is false; `default` where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.true(path, default=default):
            yield CheckFault(reason, path)

    return test


def is_set(path: str, reason: str) -> Test:
    """A property is set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if not resource.has(path):
            yield CheckFault(reason, path)

    return test


def is_absent(path: str, reason: str) -> Test:
    """A property is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.has(path):
            yield CheckFault(reason, path)

    return test


def is_one_of(path: str, values: tuple[str, ...], reason: str, *, default: str = "") -> Test:
    """A property has one of some values, in any case; `default` where it is not set."""
    wanted = {value.lower() for value in values}

    def test(resource: Resource) -> Iterator[CheckFault]:
        value = resource.get(path, default)
        if str(value).lower() not in wanted:
            said = reason.rstrip(".")
            is_what = f": {shown(path.rpartition('.')[2])} is {shown(value)}" if value else ""
            yield CheckFault(f"{said}{is_what}.", path)

    return test


def is_at_least(path: str, least: float, reason: str, *, default: float = 0) -> Test:
    """A number is not below a bound; `default` where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.number(path, default) < least:
            yield CheckFault(reason, path)

    return test


def own_key(path: str, reason: str) -> Test:
    """A property names a key that the account itself holds, not the vendor's own."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        try:
            value = resource.text(path)
        except UnknownInput:
            if resource.from_others(path):
                return
            raise
        if not value or value.startswith(VENDORS_OWN[0]) or VENDORS_OWN[1] in value:
            yield CheckFault(reason, path)

    return test


def both(*tests: Test) -> Test:
    """Everything that any of the tests finds."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        for one in tests:
            yield from one(resource)

    return test


def always(reason: str) -> Test:
    """The resource itself is what is wrong."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        del resource
        yield CheckFault(reason)

    return test


def each(path: str, inner: Test) -> Test:
    """A test of every item of a list, with the item's properties as the resource's own."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        for at, item in resource.each(f"{path}[]"):
            for fault in inner(resource.inside(path, item)):
                yield CheckFault(fault.reason, f"{at}.{fault.path}" if fault.path else at)

    return test


def environment(*others_than: str) -> Applies:
    """Applies where the tag `environment` is none of these; also where there is no such tag."""

    def applies(resource: Resource) -> bool:
        return resource.tags().get("environment") not in others_than

    return applies


production = environment("dev", "staging")
"""Not the environments whose defaults are lighter by design (docs/defaults.md)."""
kept = environment("dev")
"""Environments whose data outlives an experiment."""
