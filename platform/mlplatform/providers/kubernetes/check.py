"""Checks one object or release as an API server and Helm would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.providers.kubernetes.names import check_metadata
from mlplatform.providers.kubernetes.rules import check_change, check_rules
from mlplatform.providers.kubernetes.shape import changed_fields, check_fields
from mlplatform.providers.kubernetes.tables import kind_of, known_kinds, stored_version
from mlplatform.providers.refusal import Refusal, show_value, suggest_name
from mlplatform.providers.wire import is_unknown, plain_value

PACKAGE = "kubernetes"
RELEASE = "kubernetes:helm.sh/v3:Release"
_HEAD = f"{PACKAGE}:"


def is_object(token: str) -> bool:
    """Whether a type is one of an object, and neither the provider nor a release of a chart."""
    return token.startswith(_HEAD) and token != RELEASE


def kind_of_token(token: str) -> tuple[str, str]:
    """`apiVersion` and `kind` of a type: `kubernetes:core/v1:Namespace` is `v1`, `Namespace`."""
    _, api, kind = token.split(":", 2)
    return api.removeprefix("core/"), kind


def check_kubernetes_object(token: str, inputs: Mapping[str, object]) -> list[Refusal]:
    """Everything that an API server would refuse about an object, but what depends on other objects."""
    api, kind = kind_of_token(token)
    found = kind_of(api, kind)
    if found is None:
        return [_unknown_kind(api, kind)]
    body = {name: value for name, value in inputs.items() if not name.startswith("__")}
    refusals = [
        Refusal(name, show_value(body.get(name)), repr(expected), f"write {expected!r}")
        for name, expected in (("apiVersion", api), ("kind", kind))
        if body.get(name) != expected
    ]
    rest = {name: value for name, value in body.items() if name not in ("apiVersion", "kind")}
    refusals += check_fields(found.root, rest)
    refusals += check_metadata(found, rest)
    # a rule reads the object as it is sent
    refusals += check_rules(api, kind, cast("Mapping[str, object]", plain_value(rest)))
    return refusals


def check_kubernetes_change(token: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[Refusal]:
    """Everything that an API server would refuse about a change of an object."""
    api, kind = kind_of_token(token)
    found = kind_of(api, kind)
    if found is None:
        return []
    refusals = [
        Refusal(
            path, "another value", "the value that it has: it cannot be changed", "make another object, and delete this"
        )
        for path in changed_fields(found.root, dict(old), dict(new))
    ]
    return [*refusals, *check_change(api, kind, old, new)]


def check_release(inputs: Mapping[str, object]) -> Iterator[Refusal]:
    """What no release of this platform may leave open."""
    if not inputs.get("version"):
        yield Refusal(
            "version", "none", "a version: Helm takes the newest otherwise, another one at each `up`", "pin the version"
        )
    name = inputs.get("name")
    if not is_unknown(name) and not name:
        yield Refusal("name", "none", "a name: Pulumi makes one with random characters otherwise", "name the release")


def object_key(token: str, inputs: Mapping[str, object]) -> tuple[str, ...] | None:
    """What is unique about an object or release: kind, namespace, name. None where its name is not known."""
    metadata = inputs if token == RELEASE else inputs.get("metadata")
    if not isinstance(metadata, Mapping):
        return None
    fields = cast("Mapping[str, object]", metadata)
    name, namespace = fields.get("name"), fields.get("namespace") or ""
    if not isinstance(name, str) or is_unknown(name):
        return None
    api, kind = kind_of_token(token)
    # versions of one group are the same objects
    return (PACKAGE, api.rpartition("/")[0], kind, str(namespace), name)


def _unknown_kind(api: str, kind: str) -> Refusal:
    other = stored_version(api.rpartition("/")[0], kind)
    if other is not None:
        return Refusal("apiVersion", show_value(api), f"{other!r}, the version that is stored", f"write {other!r}")
    names = [f"{each.api}/{each.kind}" for each in known_kinds()]
    return Refusal(
        "kind",
        f"the kind {api}/{kind}",
        "a kind of the tables in mlplatform/providers/kubernetes/data",
        suggest_name(f"{api}/{kind}", names),
    )
