"""Realistic outputs of mocked resources: ids, ARNs, self links, endpoints, identities.

A folder per cloud has its ids, and what it puts into properties of certain names or types; `generic` has the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE, Account
from mlplatform.providers.kubernetes.check import PACKAGE
from mlplatform.providers.outputs.generic import TextOf, complete_outputs, generic_text
from mlplatform.providers.outputs.kubernetes import kubernetes_outputs
from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.registry import provider_rules
from mlplatform.providers.schema import package_of, resource_schema


class _CloudOutputs(Protocol):
    """The names in each cloud's package."""

    resource_id: Callable[[OutputSubject], str]
    text_of: TextOf
    type_outputs: Callable[[OutputSubject, str], dict[str, object]]


@cache
def _cloud(package: str) -> _CloudOutputs | None:
    name = CLOUD_OF_PACKAGE.get(package)
    return cast("_CloudOutputs", import_module(f"{__name__}.{name}")) if name is not None else None


def provider_outputs(
    token: str, name: str, inputs: Mapping[str, object], account: Account
) -> tuple[str, dict[str, object]]:
    """The id and the outputs that a provider would give a new resource.

    Args:
        token: type token. Without a schema (unknown, or the engine's own), the inputs are returned as they are.
        name: logical name, the seed of all generated values, so that a program has the same outputs in every run.
        inputs: wire-named as they travel; they are part of the outputs, secrets still in their envelopes.
        account: the account that the resource is created in.
    """
    package = package_of(token)
    rules = provider_rules(package)
    if rules is not None and rules.outputs is not None:
        return rules.outputs(token, name, inputs, account)
    if package == PACKAGE and not token.startswith("pulumi:"):
        return kubernetes_outputs(token, name, inputs)
    subject = OutputSubject(token, name, inputs, account)
    schema = resource_schema(token) if package != "pulumi" else None
    if schema is None or schema.is_provider:
        return subject.guid(), dict(inputs)
    cloud = _cloud(package)
    if cloud is None:
        return subject.autoname(), complete_outputs(schema.outputs, inputs, subject, generic_text, schema.inputs)
    id_ = cloud.resource_id(subject)
    of_type = cloud.type_outputs(subject, id_)
    given = {**inputs, **{key: value for key, value in of_type.items() if key in schema.outputs.properties}}
    return id_, complete_outputs(schema.outputs, given, subject, cloud.text_of, schema.inputs)
