"""Providers outside the three clouds, registered with what they accept and answer.

A package whose SDK is installed (`pulumi_random`, `pulumi_command`, ...) needs no registration. One that
has none, or that needs outputs of its own, registers here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlplatform.providers.accounts import Account
from mlplatform.providers.types import FunctionSchema, ResourceSchema

OutputsOf = Callable[[str, str, Mapping[str, object], Account], tuple[str, dict[str, object]]]
"""Type token, name, inputs and account to the resource's id and outputs."""

AnswerOf = Callable[[str, Mapping[str, object], Account], dict[str, object]]
"""Function token, arguments and account to the function's result."""


@dataclass(frozen=True)
class ProviderRules:
    """The types and functions of a provider without an installed SDK."""

    package: str
    """First part of its type tokens: `fake` in `fake:index:Bucket`."""

    schema: Callable[[str], ResourceSchema | None]
    """Type token to schema; None refuses the type."""

    outputs: OutputsOf | None = None
    """Id and outputs of a resource. Omitted: derived from the schema."""

    function: Callable[[str], FunctionSchema | None] | None = None
    """Function token to schema. Omitted: the provider has no functions."""

    answer: AnswerOf | None = None
    """A function's result. Omitted: functions are refused."""


_REGISTERED: dict[str, ProviderRules] = {}
_CACHES: list[Callable[[], None]] = []


def register_provider(rules: ProviderRules) -> None:
    """Adds a provider to those that the strict mocks know; a later registration of the package replaces it."""
    _REGISTERED[rules.package] = rules
    _clear_caches()


def unregister_provider(package: str) -> None:
    """Removes a registered provider; an unknown package is no error."""
    if _REGISTERED.pop(package, None) is not None:
        _clear_caches()


def provider_rules(package: str) -> ProviderRules | None:
    """The registered rules of a package, if any."""
    return _REGISTERED.get(package)


def clear_on_registration(clear: Callable[[], None]) -> None:
    """Calls this whenever a provider is registered or removed: for caches of what depends on it."""
    _CACHES.append(clear)


def _clear_caches() -> None:
    for clear in _CACHES:
        clear()
