"""Makes what the cloud holds of what it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.links import mentions
from mlplatform.mock_cloud.names import Names
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs


def new(token: str, name: str, inputs: Mapping[str, object], number: int, account: Account, names: Names) -> Held:
    """A resource as it would be: ids are never used twice, except where they follow from names.

    Args:
        token: type token.
        name: logical name.
        inputs: as sent.
        number: how often there was one of the type and name before.
        account: where it lives.
        names: of everything else.
    """
    seed = name if not number else f"{name}~{number}"
    id_, outputs = provider_outputs(token, seed, inputs, account)
    return Held(token, name, id_, inputs, outputs, seed, keys=names.keys(token, id_, inputs), mentions=mentions(inputs))


def changed(held: Held, inputs: Mapping[str, object], account: Account, names: Names) -> Held:
    """The same resource with other inputs."""
    _, outputs = provider_outputs(held.token, held.seed, inputs, account)
    keys = names.keys(held.token, held.id, inputs)
    return replace(held, inputs=inputs, outputs=outputs, keys=keys, mentions=mentions(inputs))
