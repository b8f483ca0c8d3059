"""Outputs that follow from a property's name and type, the same on every cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.subject import Subject
from mlplatform.providers.types import STRING, EnumOf, ListOf, MapOf, ObjectOf, Property, Scalar, SchemaType, UnionOf
from mlplatform.providers.wire import as_list, as_object, is_asset, is_unknown, unwrap

TIME = "2025-01-01T00:00:00Z"
"""The moment at which every mocked resource was made."""

_DEPTH = 5

TextOf = Callable[[Subject, str, str], str | None]
"""Subject, path and property name to a cloud's value, or None where the cloud has no opinion."""


def complete(
    schema: ObjectOf,
    given: Mapping[str, object],
    subject: Subject,
    text_of: TextOf,
    settable: ObjectOf | None = None,
    path: str = "",
) -> dict[str, object]:
    """The given values, and a value for each output that the provider always sets.

    settable: what a program could have set here. Of that, what it left out is only filled in where the
    cloud has a definite answer (a region, a name); a default that nobody asked for is not made up.
    """
    result: dict[str, object] = {}
    inputs: Mapping[str, Property] = settable.properties if settable is not None else {}
    for name, prop in schema.properties.items():
        where = f"{path}.{name}" if path else name
        value = given.get(name)
        if value is not None:
            twin = inputs[name].type if name in inputs else None
            filled = _fill(prop.type, value, subject, text_of, twin, where)
            if filled is not None:
                result[name] = filled
        elif prop.required and name not in inputs:
            result[name] = _invent(prop.type, name, subject, text_of, where)
        elif prop.required:
            text = text_of(subject, where, name)
            if text is not None and prop.type == STRING:
                result[name] = text
    return result


def _fill(
    schema: SchemaType, value: object, subject: Subject, text_of: TextOf, settable: SchemaType | None, path: str
) -> object:
    inner, wrapped = unwrap(value)
    if wrapped or is_unknown(inner) or is_asset(inner):
        return value
    items = as_list(inner)
    if isinstance(schema, ListOf) and items is not None:
        twin = settable.item if isinstance(settable, ListOf) else None
        return [
            _fill(schema.item, item, subject, text_of, twin, f"{path}[{index}]") for index, item in enumerate(items)
        ]
    if isinstance(schema, MapOf) and items is not None:
        # Azure takes a list of identities and returns a map of the same ids with what each one has.
        return {
            key: _invent(schema.value, key, subject, text_of, f"{path}.{key}") for key in items if isinstance(key, str)
        }
    if isinstance(schema, (ListOf, MapOf, ObjectOf)) and items is None and as_object(inner) is None:
        return None
    entries = as_object(inner)
    if entries is not None:
        chosen, twin = _alike(schema, entries), _alike(settable, entries)
        if chosen is not None:
            return complete(chosen, entries, subject, text_of, twin, path)
    return value


def _alike(schema: SchemaType | None, given: Mapping[str, object]) -> ObjectOf | None:
    """The object type that a value is of: the member of a union that shares most of its names."""
    if isinstance(schema, ObjectOf):
        return schema
    if not isinstance(schema, UnionOf):
        return None
    objects = [member for member in schema.members if isinstance(member, ObjectOf)]
    return max(objects, key=lambda member: len(given.keys() & member.properties.keys()), default=None)


def _invent(schema: SchemaType, name: str, subject: Subject, text_of: TextOf, path: str) -> object:
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
            return complete(schema, {}, subject, text_of, None, path) if path.count(".") < _DEPTH else {}
        case UnionOf(members=members):
            return _invent(members[0], name, subject, text_of, path)
        case Scalar() | MapOf():
            return {}


def _text(name: str, subject: Subject, text_of: TextOf, path: str) -> str:
    value = text_of(subject, path, name)
    return value if value is not None else by_name(subject, path, name)


def by_name(subject: Subject, path: str, name: str) -> str:
    """A text that a property of this name usually holds; empty where the name tells nothing."""
    lowered = name.lower()
    if lowered.endswith(("time", "timestamp", "date", "at")) and not lowered.endswith("format"):
        return TIME
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
