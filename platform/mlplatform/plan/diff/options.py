"""Compares a resource's Pulumi options, which are not sent to the cloud."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.change import OPTIONS, PropertyChange, PropertyKind
from mlplatform.plan.diff.pairs import ResourceMatch, ResourcePair
from mlplatform.plan.model import Step, Value

_PROGRAM = "program"
_TRIGGERED = "the program replaces the resource when this changes (replacementTrigger)"


def compare_options(pair: ResourcePair, matched: ResourceMatch, before: str, after: str) -> list[PropertyChange]:
    """Options that differ.

    Args:
        couple: a resource that is in both plans.
        found: the matched resources, for URNs of the later plan.
        before: origin of the earlier plan. A state keeps fewer options than a program sets: the others are left out.
        after: origin of the later plan.
    """
    old, new = pair.before, pair.after
    assert old is not None
    assert new is not None
    values = _in_state(old, new, matched)
    if (before, after) == (_PROGRAM, _PROGRAM):
        values = [*values, *_in_program(old, new, matched, moved=pair.moved)]
    return list(_changes(values))


def _in_state(old: Step, new: Step, matched: ResourceMatch) -> list[tuple[str, Value, Value]]:
    return [
        ("protect", old.protect, new.protect),
        ("retainOnDelete", old.retain_on_delete, new.retain_on_delete),
        ("replacementTrigger", old.replacement_trigger, new.replacement_trigger),
        ("provider", _provider(matched.now(_urn(old.provider))), _provider(_urn(new.provider))),
    ]


def _in_program(old: Step, new: Step, matched: ResourceMatch, *, moved: bool) -> list[tuple[str, Value, Value]]:
    aliases = [] if moved else sorted(matched.now(alias) for alias in old.aliases)
    return [
        ("aliases", aliases, [] if moved else list(new.aliases)),
        ("customTimeouts", dict(old.timeouts), dict(new.timeouts)),
        ("ignoreChanges", list(old.ignore_changes), list(new.ignore_changes)),
        ("replaceOnChanges", list(old.replace_on_changes), list(new.replace_on_changes)),
        ("additionalSecretOutputs", list(old.additional_secret_outputs), list(new.additional_secret_outputs)),
    ]


def _changes(values: list[tuple[str, Value, Value]]) -> Iterator[PropertyChange]:
    for name, old, new in values:
        if old == new:
            continue
        kind: PropertyKind = "update" if old and new else "add" if new else "remove"
        reason = _TRIGGERED if name == "replacementTrigger" and kind == "update" else ""
        yield PropertyChange((OPTIONS, name), kind, old or None, new or None, reason)


def _urn(provider: str) -> str:
    """The URN in a reference, which ends with the provider's id."""
    return provider.rpartition("::")[0]


def _provider(urn: str) -> str:
    """The URN of a chosen provider; empty for the default one of any version."""
    return "" if urn.rpartition("::")[2].startswith("default") else urn
