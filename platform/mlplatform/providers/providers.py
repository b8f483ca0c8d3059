"""Providers outside the three clouds: what the strict mocks need to know about each.

A package whose SDK is installed (`pulumi_random`, `pulumi_command`, ...) needs no registration. One that
has none, or that wants outputs of its own, registers here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlplatform.providers.accounts import Account
from mlplatform.providers.types import FunctionSchema, ResourceSchema

OutputsOf = Callable[[str, str, Mapping[str, object], Account], tuple[str, dict[str, object]]]
AnswerOf = Callable[[str, Mapping[str, object], Account], dict[str, object]]


@dataclass(frozen=True)
class ProviderRules:
    """What a provider outside the installed SDKs accepts and answers.

    package: the first part of its type tokens (`fake` in `fake:index:Bucket`).
    schema: type token to schema; None refuses the type.
    outputs: token, name, inputs and account to the resource's id and outputs. Omitted: outputs are
    derived from the schema.
    function: function token to schema; omitted, the provider has no functions.
    answer: token, arguments and account to a function's result; omitted, functions are refused.
    """

    package: str
    schema: Callable[[str], ResourceSchema | None]
    outputs: OutputsOf | None = None
    function: Callable[[str], FunctionSchema | None] | None = None
    answer: AnswerOf | None = None


_REGISTERED: dict[str, ProviderRules] = {}


def register_provider(rules: ProviderRules) -> None:
    """Makes the strict mocks know a provider; a later registration of the package replaces it."""
    _REGISTERED[rules.package] = rules
    _forget()


def unregister_provider(package: str) -> None:
    """Forgets a registered provider; an unknown package is no error."""
    if _REGISTERED.pop(package, None) is not None:
        _forget()


def _forget() -> None:
    # Imported late: both modules import this one.
    from mlplatform.providers import functions, schema

    schema.resource_schema.cache_clear()
    schema.is_known_package.cache_clear()
    functions.function_schema.cache_clear()


def provider_rules(package: str) -> ProviderRules | None:
    """The registered rules of a package, if any."""
    return _REGISTERED.get(package)
