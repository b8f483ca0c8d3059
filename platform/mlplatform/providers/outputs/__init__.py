"""Realistic outputs of mocked resources: ids, ARNs, self links, endpoints, identities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE, Account
from mlplatform.providers.outputs.generic import TextOf, by_name, complete
from mlplatform.providers.outputs.subject import Subject
from mlplatform.providers.registry import provider_rules
from mlplatform.providers.schema import package_of, resource_schema


class _Cloud(Protocol):
    """What each cloud's module in this folder offers."""

    identity: Callable[[Subject], str]
    text_of: TextOf
    extras: Callable[[Subject, str], dict[str, object]]


@cache
def _cloud(package: str) -> _Cloud | None:
    name = CLOUD_OF_PACKAGE.get(package)
    return cast("_Cloud", import_module(f"{__name__}.{name}")) if name is not None else None


def provider_outputs(
    token: str, name: str, inputs: Mapping[str, object], account: Account
) -> tuple[str, dict[str, object]]:
    """The id and the outputs that a provider would give a new resource.

    token: type token. name: logical name, the seed of everything made up, so that the same program has the
    same outputs in every run. inputs: wire-named as they travel; they come back as outputs, secrets still
    in their envelopes. account: where the resource lands.

    Of a type without schema (unknown, or the engine's own) the inputs come back as they are.
    """
    package = package_of(token)
    rules = provider_rules(package)
    if rules is not None and rules.outputs is not None:
        return rules.outputs(token, name, inputs, account)
    subject = Subject(token, name, inputs, account)
    schema = resource_schema(token) if package != "pulumi" else None
    if schema is None or schema.is_provider:
        return subject.guid(), dict(inputs)
    cloud = _cloud(package)
    if cloud is None:
        return subject.autoname(), complete(schema.outputs, inputs, subject, by_name, schema.inputs)
    id_ = cloud.identity(subject)
    special = {key: value for key, value in cloud.extras(subject, id_).items() if key in schema.outputs.properties}
    given = {**inputs, **special}
    return id_, complete(schema.outputs, given, subject, cloud.text_of, schema.inputs)
