"""Secrets in documents: wrapped, comparable where possible, and never in clear text."""

from __future__ import annotations

import hashlib
import re
from typing import cast

from mlplatform.json_text import NotJson, parse_json
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Value, is_secret
from mlplatform.plan.sources import fields
from mlplatform.secret_text import HIDDEN as HIDDEN
from mlplatform.secret_text import has_secret_form, hide_secret_forms, holds_secret

_ENVIRONMENTS = frozenset(
    {"environment", "environments", "env", "envs", "variables", "environmentvariables", "appsettings", "parameters"}
    | {"secureparameters", "settings", "configuration", "config", "metadata", "stringdata", "data"}
    | {"tags", "labels", "annotations", "userlabels", "resourcelabels"}
)
"""Properties whose keys are names that people chose, in lower case."""
_PASSWORDS = frozenset(
    {"password", "adminpassword", "administratorloginpassword", "masterpassword", "masteruserpassword", "passphrase"}
    | {"secretstring", "clientsecret", "privatekey", "connectionstring", "accesstoken", "authtoken", "oauthtoken"}
    | {"sharedkey", "apikey"}
)
"""Properties that are secrets wherever they stand, in lower case; not `secret` and `token`, which also name places."""

_TELLING = re.compile(r"passw|secret|token|credential|passphrase|connection.?string|[a-z]_?key\"", re.IGNORECASE)
"""What a document must have to be searched for names of secrets."""
_LONGEST = 1_000_000


def seal_secrets(value: Value, key: str = "") -> Value:
    """Replace every secret in a value by a wrapper without the secret.

    A state exported with `--show-secrets` has them in clear text, and values that nobody marked as secret may be
    secrets all the same (`mlplatform.secret_text`): a digest replaces them, so that two sides can still be compared.

    Args:
        value: inputs or outputs, or a part of them.
        key: the property that it is the value of, or that of the list it stands in. Omitted: none.
    """
    if isinstance(value, dict):
        mapping = cast("dict[str, Value]", value)
        if mapping.get(SIGNATURE) == SECRET_SIGNATURE:
            return _wrapper(mapping)
        return _sealed_mapping(mapping, key)
    if isinstance(value, list):
        return [seal_secrets(item, key) for item in cast("list[Value]", value)]
    if isinstance(value, str):
        if value == HIDDEN:
            return {SIGNATURE: SECRET_SIGNATURE}
        if has_secret_form(value) or (key.lower() in _PASSWORDS and holds_secret(key, value)) or _is_document(value):
            return _digested(value)
    return value


def _is_document(text: str) -> bool:
    """Whether a text is JSON in which a name tells a secret, as the definitions of containers of some services."""
    if text[:1] not in ("{", "[") or len(text) > _LONGEST or not _TELLING.search(text):
        return False
    try:
        return _has_digest(seal_secrets(parse_json(text)))
    except NotJson:
        return False


def _has_digest(value: Value) -> bool:
    if isinstance(value, dict):
        inner = cast("dict[str, Value]", value)
        return (is_secret(inner) and "digest" in inner) or any(_has_digest(item) for item in inner.values())
    return isinstance(value, list) and any(_has_digest(item) for item in cast("list[Value]", value))


def _sealed_mapping(mapping: dict[str, Value], key: str) -> Value:
    """Its values by their names, where people chose these: variables, `{name, value}`, parameters of a template."""
    named = key.lower() in _ENVIRONMENTS
    sealed: dict[str, Value] = {}
    for name, item in mapping.items():
        shown, inner = hide_secret_forms(name), fields.mapping(item)
        if named and _is_named_secret(name, item):
            sealed[shown] = _digested(str(item))
        elif named and _is_named_secret(name, inner.get("value")):
            sealed[shown] = {**fields.mapping(seal_secrets(item, name)), "value": _digested(str(inner["value"]))}
        else:
            sealed[shown] = seal_secrets(item, name)
    owner, text = mapping.get("name", mapping.get("key")), mapping.get("value")
    if isinstance(owner, str) and _is_named_secret(owner, text):
        sealed["value"] = _digested(str(text))
    return sealed


def _is_named_secret(name: str, value: Value) -> bool:
    return isinstance(value, str) and value not in (UNKNOWN, HIDDEN) and holds_secret(name, value)


def _digested(secret: str) -> Value:
    return {SIGNATURE: SECRET_SIGNATURE, "digest": hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()}


def _wrapper(secret: dict[str, Value]) -> Value:
    wrapped: dict[str, Value] = {SIGNATURE: SECRET_SIGNATURE}
    ciphertext, plaintext = secret.get("ciphertext"), secret.get("plaintext")
    if isinstance(plaintext, str):
        return _digested(plaintext)
    if isinstance(ciphertext, str) and ciphertext != HIDDEN:
        wrapped["ciphertext"] = ciphertext
    return wrapped
