"""Builds the resources that a cloud holds from the inputs that it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlplatform.catalog.raised import RAISED, raises
from mlplatform.mock_cloud.held import Held, texts_by_property
from mlplatform.mock_cloud.names import NameTable
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.wire import plain_value


def build_held(
    token: str, name: str, inputs: Mapping[str, object], number: int, account: Account, names: NameTable
) -> Held:
    """A new resource. Its id was never used before, except where ids follow from names.

    Args:
        token: type token.
        name: logical name.
        inputs: as sent.
        number: how many resources of the type and name there were before.
        account: the account it is created in.
        names: the cloud's names.
    """
    seed = name if not number else f"{name}~{number}"
    id_, outputs = provider_outputs(token, seed, inputs, account)
    keys = names.keys(token, id_, inputs)
    return Held(token, name, id_, inputs, outputs, seed, keys=keys, references=texts_by_property(inputs))


def rebuild_held(held: Held, inputs: Mapping[str, object], account: Account, names: NameTable) -> Held:
    """The same resource with other inputs."""
    _, outputs = provider_outputs(held.token, held.seed, inputs, account)
    keys = names.keys(held.token, held.id, inputs)
    outputs = {**outputs, **raised_outputs(held, inputs)}
    return replace(held, inputs=inputs, outputs=outputs, keys=keys, references=texts_by_property(inputs))


def raised_outputs(held: Held, inputs: Mapping[str, object]) -> dict[str, object]:
    """Counters of a resource after an update: they rise with a change that counts, and never go back to one.

    Revision counters of every type rise with any change.
    """
    changed = [key for key in {**held.inputs, **inputs} if _value(held.inputs, key) != _value(inputs, key)]
    row = RAISED.get(held.token)
    counted = any(raises(held.token, (key,)) for key in changed) if row else bool(changed)
    rises = row.outputs if row else _REVISIONS
    return {
        name: _next(held.outputs[name]) if counted else held.outputs[name] for name in rises if name in held.outputs
    }


_REVISIONS = ("generation", "observedGeneration", "etag", "fingerprint", "revisionId", "metageneration")
"""Outputs that count or mark every change, whatever the type."""


def _value(inputs: Mapping[str, object], key: str) -> object:
    return plain_value(inputs.get(key))


def _next(value: object) -> object:
    """One more, of a number or of a text with a number or mark."""
    if isinstance(value, (int, float)):
        return int(value) + 1
    text = str(value)
    if text.isdecimal():
        return str(int(text) + 1)
    mark, _, count = text.rpartition("~")
    return f"{mark}~{int(count) + 1}" if mark else f"{text}~1"
