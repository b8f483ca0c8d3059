"""Secrets in documents: wrapped, comparable where possible, and never in clear text."""

from __future__ import annotations

import hashlib
from typing import cast

from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, Value

HIDDEN = "[secret]"
"""Pulumi's text for a secret in documents for people."""


def seal_secrets(value: Value) -> Value:
    """Replace every secret in a value by a wrapper without the secret.

    A state exported with `--show-secrets` has them in clear text: a digest replaces them, so that two such states
    can still be compared.
    """
    if isinstance(value, dict):
        mapping = cast("dict[str, Value]", value)
        if mapping.get(SIGNATURE) == SECRET_SIGNATURE:
            return _wrapper(mapping)
        return {key: seal_secrets(item) for key, item in mapping.items()}
    if isinstance(value, list):
        return [seal_secrets(item) for item in cast("list[Value]", value)]
    return {SIGNATURE: SECRET_SIGNATURE} if value == HIDDEN else value


def _wrapper(secret: dict[str, Value]) -> Value:
    wrapped: dict[str, Value] = {SIGNATURE: SECRET_SIGNATURE}
    ciphertext, plaintext = secret.get("ciphertext"), secret.get("plaintext")
    if isinstance(plaintext, str):
        wrapped["digest"] = hashlib.sha256(plaintext.encode()).hexdigest()
    elif isinstance(ciphertext, str) and ciphertext != HIDDEN:
        wrapped["ciphertext"] = ciphertext
    return wrapped
