"""SHA-256 by Python's own code: `hashlib` starts OpenSSL, which takes a hundredth of a check."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from mlplatform.fast.switch import plain_requested

_OWN = ("_sha2", "_sha256")
"""Modules that CPython is built with, from 3.12 on and before; a system may leave them out."""


def sha256_hex(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return _sha256()(text.encode()).hexdigest()


@cache
def _sha256() -> Any:  # noqa: ANN401 - of a module without types
    for name in () if plain_requested() else _OWN:
        try:
            return import_module(name).sha256
        except (ImportError, AttributeError):
            continue
    import hashlib

    return hashlib.sha256
