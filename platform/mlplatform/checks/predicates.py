"""Common tests of rules: a property that is true, set, one of some values, or a customer-managed key."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import Applies, CheckFault, Test
from mlplatform.checks.wording import shown

VENDORS_OWN = ("alias/aws/", ":alias/aws/")


def is_true(path: str, reason: str, *, default: bool = False) -> Test:
    """Test that a property is true; `default` is its value where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if not resource.true(path, default=default):
            yield CheckFault(reason, path)

    return test


def is_false(path: str, reason: str, *, default: bool = False) -> Test:
    """Test that a property is false; `default` is its value where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.true(path, default=default):
            yield CheckFault(reason, path)

    return test


def is_set(path: str, reason: str) -> Test:
    """Test that a property is set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if not resource.has(path):
            yield CheckFault(reason, path)

    return test


def is_absent(path: str, reason: str) -> Test:
    """Test that a property is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.has(path):
            yield CheckFault(reason, path)

    return test


def is_one_of(path: str, values: tuple[str, ...], reason: str, *, default: str = "") -> Test:
    """Test that a property is one of some values, ignoring case; `default` is its value where it is not set."""
    wanted = {value.lower() for value in values}

    def test(resource: Resource) -> Iterator[CheckFault]:
        value = resource.get(path, default)
        if str(value).lower() not in wanted:
            sentence = reason.rstrip(".")
            is_what = f": {shown(path.rpartition('.')[2])} is {shown(value)}" if value else ""
            yield CheckFault(f"{sentence}{is_what}.", path)

    return test


def is_at_least(path: str, least: float, reason: str, *, default: float = 0) -> Test:
    """Test that a number is not below a bound; `default` is its value where it is not set."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        if resource.number(path, default) < least:
            yield CheckFault(reason, path)

    return test


def own_key(path: str, reason: str) -> Test:
    """Test that a property refers to a customer-managed key, not to the cloud's own."""

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
    """Combine tests: all of them must pass."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        for each_test in tests:
            yield from each_test(resource)

    return test


def always(reason: str) -> Test:
    """A test that always fails: the resource itself is the fault."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        del resource
        yield CheckFault(reason)

    return test


def each(path: str, inner: Test) -> Test:
    """Apply a test to every item of a list, with the item's properties as the resource's own."""

    def test(resource: Resource) -> Iterator[CheckFault]:
        for at, item in resource.each(f"{path}[]"):
            for fault in inner(resource.inside(path, item)):
                yield CheckFault(fault.reason, f"{at}.{fault.path}" if fault.path else at)

    return test


def environment(*others_than: str) -> Applies:
    """Applies where the tag `environment` is none of these, or missing."""

    def applies(resource: Resource) -> bool:
        return resource.tags().get("environment") not in others_than

    return applies


production = environment("dev", "staging")
"""Environments without lighter defaults by design (docs/defaults.md)."""
kept = environment("dev")
"""Environments whose data must outlive an experiment."""
