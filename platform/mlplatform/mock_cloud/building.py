"""Builds the resources that a cloud holds from the inputs that it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlplatform.mock_cloud.held import Held, texts_by_property
from mlplatform.mock_cloud.names import NameTable
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs


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
    return replace(held, inputs=inputs, outputs=outputs, keys=keys, references=texts_by_property(inputs))
