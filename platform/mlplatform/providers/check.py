"""Checks of one resource or one function call against everything that its provider refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mlplatform.providers.functions import function_schema
from mlplatform.providers.kubernetes.check import RELEASE, check_kubernetes_object, check_release, is_object
from mlplatform.providers.refusal import Refusal
from mlplatform.providers.rules.evaluate import check_rules
from mlplatform.providers.schema import is_known_package, nearest_tokens, package_of, resource_schema
from mlplatform.providers.shape import check_object, check_provider_value
from mlplatform.providers.types import Property
from mlplatform.providers.wire import has_secret, plain_value

_BUILT_IN = frozenset({"pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:pulumi:Stash"})


def check_resource(token: str, name: str, inputs: Mapping[str, object]) -> list[Refusal]:
    """Everything that a provider would refuse about a custom resource; empty when it is accepted.

    Types, required properties and enums come from the installed SDK; names, limits and documents from the tables in
    `rules/`.

    Args:
        token: type token.
        name: the resource's logical name, for messages.
        inputs: wire-named values as they travel. Unknown values and resource references fit any type; secrets are
            checked inside their envelopes.
    """
    if token in _BUILT_IN:
        return []
    if is_object(token):
        return check_kubernetes_object(token, inputs)
    schema = resource_schema(token)
    if schema is None:
        return [_unknown_type(token, name)]
    if schema.is_provider:
        return _check_provider(schema.inputs.properties, inputs)
    known = _known(inputs)
    by_rules = check_rules(package_of(token), token, known)
    own = list(check_release(known)) if token == RELEASE else []
    return own + check_object(schema.inputs, inputs) + [_redacted(refusal, inputs) for refusal in by_rules]


def check_invoke(token: str, args: Mapping[str, object]) -> list[Refusal]:
    """Everything that a provider would refuse about a call of a data-source function; empty when it is accepted."""
    schema = function_schema(token)
    if schema is None:
        return [
            Refusal(
                path="",
                got=f"the function {token!r}",
                expected=f"a function of the installed {package_of(token)} SDK",
                fix="look up the function's name in the SDK's documentation",
            )
        ]
    return check_object(schema.arguments, args)


def _known(inputs: Mapping[str, object]) -> dict[str, object]:
    return {name: plain_value(value) for name, value in inputs.items() if value is not None}


def _redacted(refusal: Refusal, inputs: Mapping[str, object]) -> Refusal:
    # The rules see values without their envelopes; a message must not show what was secret.
    owner = re.split(r"[.\[:]", refusal.path)[0]
    return replace(refusal, got="[secret]") if has_secret(inputs.get(owner)) else refusal


def _check_provider(properties: Mapping[str, Property], inputs: Mapping[str, object]) -> list[Refusal]:
    refusals: list[Refusal] = []
    for name, value in inputs.items():
        prop = properties.get(name)
        # The engine adds `version` and `pluginDownloadURL` to every provider's configuration.
        if prop is not None and value is not None:
            refusals += check_provider_value(prop.type, value, name)
        elif prop is None and name not in ("version", "pluginDownloadURL") and not name.startswith("__"):
            refusals.append(Refusal(name, f"the setting {name!r}", "a setting of this provider", "remove or rename it"))
    return refusals


def _unknown_type(token: str, name: str) -> Refusal:
    package = package_of(token)
    if not is_known_package(package):
        return Refusal(
            path="",
            got=f"{name!r} of type {token!r}, whose provider package {package!r} is not known",
            expected="a provider whose Pulumi SDK is installed, or one that is registered",
            fix=f"install the SDK of {package!r}, or call mlplatform.testing.register_provider",
        )
    near = nearest_tokens(token)
    return Refusal(
        path="",
        got=f"{name!r} of unknown type {token!r}",
        expected=f"a resource type of the installed {package} SDK",
        fix="did you mean " + " or ".join(repr(known) for known in near) + "?" if near else "correct the type",
    )
