"""The texts in a resolved plan that a cloud makes up: sample values, of which no id may be built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.plan.model import Plan
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.wire import as_list, as_object, unwrap_value

_SHORTEST = 6
"""Shorter texts are states and numbers, which stand in other texts by chance."""


def made_up_texts(plan: Plan, account: Account) -> Mapping[str, tuple[str, bool]]:
    """Each text that a cloud makes up, with the URN of its resource and whether it is the resource's id.

    A value that depends on more than the inputs differs for another resource with the same inputs.

    Args:
        plan: a resolved plan.
        account: the target's account.
    """
    settings = {step.urn: step.inputs for step in plan.steps if step.type.startswith("pulumi:providers:")}
    made: dict[str, tuple[str, bool]] = {}
    for step in plan.resources():
        own = account.under(settings.get(step.provider.rpartition("::")[0], {}))
        id_, outputs = provider_outputs(step.type, step.name, step.inputs, own)
        other_id, others = provider_outputs(step.type, f"{step.name}~other", step.inputs, own)
        for text in _different(outputs, others):
            if len(text) >= _SHORTEST:
                made.setdefault(text, (step.urn, False))
        if id_ != other_id:
            made[id_] = (step.urn, True)
    return made


def _different(value: object, other: object) -> Iterator[str]:
    """The texts of a value that the other one has differently."""
    value, other = unwrap_value(value)[0], unwrap_value(other)[0]
    if isinstance(value, str):
        if value != other:
            yield value
        return
    entries, others = as_object(value), as_object(other)
    if entries is not None:
        for key, item in entries.items():
            yield from _different(item, (others or {}).get(key))
        return
    rest = as_list(other) or []
    for index, item in enumerate(as_list(value) or ()):
        yield from _different(item, rest[index] if index < len(rest) else None)
