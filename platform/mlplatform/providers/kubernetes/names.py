"""Names, labels and quantities: the texts that every object has.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/,
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/,
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.providers.kubernetes.tables import Kind
from mlplatform.providers.refusal import Refusal, show_value

_SOURCE = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"
_LABEL_SOURCE = "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_QUALIFIED = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_QUANTITY = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
_RBAC = "rbac.authorization.k8s.io"

_LABELS_ONLY = frozenset({"Namespace", "Service"})
"""Kinds whose names are one DNS label, not several with dots."""


def check_metadata(kind: Kind, body: Mapping[str, object]) -> Iterator[Refusal]:
    """Refusals of an object's name, namespace, labels and annotations."""
    metadata = body.get("metadata")
    if not isinstance(metadata, Mapping):
        yield Refusal("metadata", "nothing", "a name", "set metadata.name")
        return
    fields = cast("Mapping[str, object]", metadata)
    name, namespace = fields.get("name"), fields.get("namespace")
    if isinstance(name, str):
        yield from _name(kind, name)
    elif name is None and not fields.get("generateName"):
        yield Refusal("metadata.name", "nothing", "a name", "set metadata.name")
    if kind.namespaced and namespace is None:
        yield Refusal("metadata.namespace", "nothing", f"a namespace: {kind.kind} is in one", "set metadata.namespace")
    if not kind.namespaced and namespace is not None:
        yield Refusal(
            "metadata.namespace", show_value(namespace), f"none: {kind.kind} is of the whole cluster", "remove it"
        )
    for field in ("labels", "annotations"):
        entries = fields.get(field)
        for key, value in cast("Mapping[str, object]", entries).items() if isinstance(entries, Mapping) else ():
            yield from _entry(field, key, value)


def is_quantity(value: object) -> bool:
    """Whether a value is a quantity: `1`, `"500m"`, `"2Gi"`."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and bool(_QUANTITY.fullmatch(value)))


def _name(kind: Kind, name: str) -> Iterator[Refusal]:
    if kind.group == _RBAC:
        return  # a path segment: almost anything
    one = kind.kind in _LABELS_ONLY
    pattern, most = (_DNS_LABEL, 63) if one else (_DNS_SUBDOMAIN, 253)
    if not pattern.fullmatch(name) or len(name) > most:
        dots = "" if one else " and dots"
        yield Refusal(
            "metadata.name",
            show_value(name),
            f"at most {most} lower-case letters, digits, inner hyphens{dots} ({_SOURCE})",
            "rename it",
        )


def _entry(field: str, key: str, value: object) -> Iterator[Refusal]:
    path = f"metadata.{field}.{key}"
    if not _QUALIFIED.fullmatch(key):
        yield Refusal(
            path, show_value(key), f"a key, optionally after a DNS name and a slash ({_LABEL_SOURCE})", "rename it"
        )
    if field == "labels" and isinstance(value, str) and (not _LABEL_VALUE.fullmatch(value) or len(value) > 63):
        yield Refusal(
            path,
            show_value(value),
            f"at most 63 letters, digits, inner hyphens, dots and underscores ({_LABEL_SOURCE})",
            "shorten it, or make it an annotation",
        )
