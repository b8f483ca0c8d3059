"""Outputs that follow from a property's name and type, the same on every cloud."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.types import STRING, EnumOf, ListOf, MapOf, ObjectOf, Property, Scalar, SchemaType, UnionOf
from mlplatform.providers.wire import as_list, as_object, is_asset, is_unknown, unwrap_value

CREATED_AT = "2025-01-01T00:00:00Z"
"""When every mocked resource was created."""

_DEPTH = 5

TextOf = Callable[[OutputSubject, str, str], str | None]
"""OutputSubject, path and property name to a cloud's value, or None where the cloud has no opinion."""


def complete_outputs(
    schema: ObjectOf,
    given: Mapping[str, object],
    subject: OutputSubject,
    text_of: TextOf,
    settable: ObjectOf | None = None,
    path: str = "",
) -> dict[str, object]:
    """The given values, and a value for each output that the provider always sets.

    Args:
        schema: all outputs.
        given: inputs, and outputs that are known already.
        subject: the resource or call.
        text_of: the cloud's texts.
        settable: properties that a program can set. One that it left out gets a value only where the cloud has a
            definite one (a region, a name): defaults are not guessed.
        path: of the object within the outputs.
    """
    result: dict[str, object] = {}
    inputs: Mapping[str, Property] = settable.properties if settable is not None else {}
    for name, prop in schema.properties.items():
        where = f"{path}.{name}" if path else name
        value = given.get(name)
        if value is not None:
            input_of = inputs[name].type if name in inputs else None
            filled = _fill(prop.type, value, subject, text_of, input_of, where)
            if filled is not None:
                result[name] = filled
        elif prop.required and name not in inputs:
            result[name] = _value(prop.type, name, subject, text_of, where)
        elif prop.required:
            text = text_of(subject, where, name)
            if text is not None and prop.type == STRING:
                result[name] = text
    return result


def _fill(
    schema: SchemaType, value: object, subject: OutputSubject, text_of: TextOf, settable: SchemaType | None, path: str
) -> object:
    inner, wrapped = unwrap_value(value)
    if wrapped or is_unknown(inner) or is_asset(inner):
        return value
    items = as_list(inner)
    if isinstance(schema, ListOf) and items is not None:
        input_of = settable.item if isinstance(settable, ListOf) else None
        return [
            _fill(schema.item, item, subject, text_of, input_of, f"{path}[{index}]") for index, item in enumerate(items)
        ]
    if isinstance(schema, MapOf) and items is not None:
        # Azure takes a list of identities and returns a map of the same ids with what each one has.
        return {
            key: _value(schema.value, key, subject, text_of, f"{path}.{key}") for key in items if isinstance(key, str)
        }
    if isinstance(schema, (ListOf, MapOf, ObjectOf)) and items is None and as_object(inner) is None:
        return None
    entries = as_object(inner)
    if entries is not None:
        chosen, input_of = _object_type(schema, entries), _object_type(settable, entries)
        if chosen is not None:
            return complete_outputs(chosen, entries, subject, text_of, input_of, path)
    return value


def _object_type(schema: SchemaType | None, given: Mapping[str, object]) -> ObjectOf | None:
    """The object type of a value: of a union, the member that shares most names with it."""
    if isinstance(schema, ObjectOf):
        return schema
    if not isinstance(schema, UnionOf):
        return None
    objects = [member for member in schema.members if isinstance(member, ObjectOf)]
    return max(objects, key=lambda member: len(given.keys() & member.properties.keys()), default=None)


def _value(schema: SchemaType, name: str, subject: OutputSubject, text_of: TextOf, path: str) -> object:
    match schema:
        case Scalar(kind="string"):
            return _text(name, subject, text_of, path)
        case Scalar(kind="integer" | "number"):
            return 1 if name.lower().endswith("version") else 0
        case Scalar(kind="boolean"):
            return False
        case EnumOf(values=values):
            return _text(name, subject, text_of, path) or values[0]
        case ListOf():
            return []
        case ObjectOf():
            return complete_outputs(schema, {}, subject, text_of, None, path) if path.count(".") < _DEPTH else {}
        case UnionOf(members=members):
            return _value(members[0], name, subject, text_of, path)
        case Scalar() | MapOf():
            return {}


def _text(name: str, subject: OutputSubject, text_of: TextOf, path: str) -> str:
    value = text_of(subject, path, name)
    return value if value is not None else generic_text(subject, path, name)


def generic_text(subject: OutputSubject, path: str, name: str) -> str:
    """A text that a property of this name usually holds; empty where the name gives no hint."""
    lowered = name.lower()
    if lowered.endswith(("time", "timestamp", "date", "at")) and not lowered.endswith("format"):
        return CREATED_AT
    if lowered.endswith(("etag", "fingerprint", "hash", "checksum", "md5", "sha256")):
        return subject.hex(32, path)
    if lowered in ("status", "state", "lifecyclestate"):
        return "ACTIVE"
    if lowered in ("principalid", "clientid", "objectid", "tenantid", "guid", "uuid"):
        return subject.guid(path)
    if lowered in ("uid", "uniqueid", "numericid", "generatedid"):
        return subject.digits(19, path)
    if lowered.endswith(("url", "uri")):
        return f"https://{subject.hex(10, path)}.{subject.account.cloud}.example/"
    if lowered.endswith(("endpoint", "fqdn", "hostname", "host", "domain", "domainname", "dnsname")):
        return f"{subject.hex(10, path)}.{subject.account.cloud}.example"
    if lowered.endswith("ipaddress") or lowered in ("publicip", "privateip", "address", "ip"):
        return f"10.{int(subject.hex(2, path), 16)}.{int(subject.hex(2, path + '2'), 16)}.10"
    if lowered.endswith(("secret", "password", "token", "accesskey", "connectionstring")):
        return f"sample-{subject.hex(24, path)}"
    if lowered == "name" or lowered == "displayname":
        return subject.autoname()
    if lowered.endswith("id"):
        return subject.hex(17, path)
    if lowered.endswith("version"):
        return "1"
    return ""


def certificate(subject: OutputSubject) -> str:
    """A sample certificate of an authority, in base64 as the APIs return it."""
    body = base64.b64encode(subject.hex(64, "ca").encode()).decode()
    text = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
    return base64.b64encode(text.encode()).decode()
