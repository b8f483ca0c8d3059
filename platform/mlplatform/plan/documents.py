"""Tolerant readers of the documents inside a plan, for everything that looks into them: rules, cost, views, diff.

A plan comes from a real cloud: a value of any type may stand anywhere, and the marker of an unknown value or of a
secret at any depth. No reader here fails on one. What a rule needs and cannot read is `UnknownInput`: unknown is not
yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

from mlplatform.json_text import NotJson, parse_json
from mlplatform.plan.model import UNKNOWN, Step, Value, is_secret
from mlplatform.plan.sources.fields import items, mapping, text
from mlplatform.plan.sources.secrets import HIDDEN

TEMPLATE = "azure-native:resources:Deployment"
"""The resource that holds an ARM template."""


class UnknownInput(Exception):
    """A rule needs a value that is unknown before creation, secret, or unreadable."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def is_hidden(value: Value) -> bool:
    """Whether a raw value is secret."""
    return value == HIDDEN or is_secret(value)


def is_known(value: Value) -> bool:
    """Whether a value can be read: neither unknown nor secret, itself and everything in it."""
    pending: list[Value] = [value]
    for each in pending:  # it grows
        if isinstance(each, str):
            if each in (UNKNOWN, HIDDEN):
                return False
        elif isinstance(each, Mapping):
            if is_secret(cast("Mapping[str, Value]", each)):
                return False
            pending.extend(cast("Mapping[str, Value]", each).values())
        elif isinstance(each, list | tuple):
            pending.extend(cast("list[Value]", each))
    return True


@lru_cache(maxsize=1024)
def _parsed(text: str) -> object:
    """The JSON in a text; a dozen rules read the same policy, and none changes it."""
    return parse_json(text)


def document_in(value: Value, path: str) -> object:
    """The object or list that a value holds, as one or as JSON in a text; None where nothing is set.

    Args:
        value: a property.
        path: where it is, for the error.

    Raises:
        UnknownInput: it is unknown or secret, or a text that no reader can agree on.
    """
    if value == UNKNOWN or is_hidden(value):
        raise UnknownInput(path)
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            return _parsed(value)
        except NotJson:
            raise UnknownInput(path) from None
    return value


def template_resources(step: Step) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The resources of an ARM template, each with its path; those of nested deployments too.

    `resources` is a list, or since `languageVersion` 2.0 an object by symbolic name:
    https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax

    Raises:
        UnknownInput: a part that could hold resources is unknown.
    """
    path = "properties.template"
    properties = document_in(step.inputs.get("properties"), "properties")
    template = document_in(mapping(properties).get("template"), path)
    yield from _resources(template, path)


def _resources(template: object, path: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    listed = document_in(mapping(template).get("resources"), f"{path}.resources")
    named = [
        *((f".{name}", value) for name, value in mapping(listed).items()),
        *((f"[{index}]", value) for index, value in enumerate(items(listed))),
    ]
    for place, value in named:
        where = f"{path}.resources{place}"
        resource = mapping(document_in(value, where))
        yield where, resource
        if text(resource.get("type")).lower() == "microsoft.resources/deployments":
            inner = mapping(document_in(resource.get("properties"), f"{where}.properties"))
            at = f"{where}.properties.template"
            yield from _resources(document_in(inner.get("template"), at), at)
        if resource.get("resources") is not None:
            # children may be written inside of their parent
            yield from _resources(resource, where)
