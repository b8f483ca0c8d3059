"""Compares clouds and states; ids that differ only because a resource was replaced do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.serve.difference import differences
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.wire import as_list, as_object, plain_value
from mlplatform.rehearse.model import RehearsalFailure
from mlplatform.rehearse.state import StackState

Contents = tuple[Held, ...]


def compare_clouds(expected: Contents, actual: Contents, account: Account) -> tuple[RehearsalFailure, ...]:
    """Resources that are missing, duplicated or different.

    Args:
        expected: contents after an undisturbed run.
        actual: contents to compare.
        account: the account of both.
    """
    renamed = _renamed(actual, account)
    want, have = _by_name(expected, {}), _by_name(actual, renamed)
    counts = Counter((held.token, held.name) for held in actual)
    expected_counts = Counter((held.token, held.name) for held in expected)
    failures = [
        RehearsalFailure(f"{name} ({token})", f"exists {number} times, expected {expected_counts[token, name]}")
        for (token, name), number in sorted(counts.items())
        if number > expected_counts[token, name]
    ]
    failures += [
        RehearsalFailure(f"{name} ({token})", "is missing") for token, name in sorted(want.keys() - have.keys())
    ]
    for key in sorted(want.keys() & have.keys()):
        paths = ", ".join(change.wire for change in differences(want[key], have[key]))
        if paths:
            failures.append(RehearsalFailure(f"{key[1]} ({key[0]})", f"differs in {paths}"))
    return tuple(failures)


def compare_with_state(
    state: StackState, actual: Contents, retained: set[tuple[str, str]]
) -> tuple[RehearsalFailure, ...]:
    """Resources that only the state or only the cloud has, and operations that are still pending."""
    in_cloud = {(held.token, held.id): held.name for held in actual}
    in_state = {(resource.type, resource.id): resource.name for resource in state.resources}
    failures = [
        RehearsalFailure(f"{in_cloud[key]} ({key[0]})", f"{key[1]} is in the cloud and not in the state: orphaned")
        for key in sorted(in_cloud.keys() - in_state.keys() - retained)
    ]
    failures += [
        RehearsalFailure(f"{in_state[key]} ({key[0]})", f"{key[1]} is in the state and not in the cloud")
        for key in sorted(in_state.keys() - in_cloud.keys())
    ]
    failures += [RehearsalFailure(pending.urn, f"is still {pending.kind}") for pending in state.pending]
    return tuple(failures)


def _by_name(contents: Contents, renamed: Mapping[str, str]) -> dict[tuple[str, str], dict[str, object]]:
    return {
        (held.token, held.name): {key: _with_names(plain_value(value), renamed) for key, value in held.inputs.items()}
        for held in contents
    }


def _with_names(value: object, renamed: Mapping[str, str]) -> object:
    if not renamed:
        return value
    if isinstance(value, str):
        for old, new in renamed.items():
            value = value.replace(old, new)
        return value
    entries = as_object(value)
    if entries is not None:
        return {_with_names(key, renamed): _with_names(item, renamed) for key, item in entries.items()}
    items = as_list(value)
    return [_with_names(item, renamed) for item in items] if items is not None else value


def _renamed(contents: Contents, account: Account) -> dict[str, str]:
    """Generated values of replaced resources, to their values of the first creation; longest first."""
    renamed: dict[str, str] = {}
    for held in contents:
        if held.seed != held.name:
            id_, outputs = provider_outputs(held.token, held.name, held.inputs, account)
            renamed |= dict(_pairs({"id": held.id, "outputs": held.outputs}, {"id": id_, "outputs": outputs}))
    return dict(sorted(renamed.items(), key=lambda pair: -len(pair[0])))


def _pairs(old: object, new: object) -> Iterator[tuple[str, str]]:
    before, after = plain_value(old), plain_value(new)
    if isinstance(before, str) and isinstance(after, str):
        if before != after:
            yield before, after
        return
    first, second = as_object(before), as_object(after)
    if first is not None and second is not None:
        for key in first.keys() & second.keys():
            yield from _pairs(first[key], second[key])
        return
    for old_item, new_item in zip(as_list(before) or (), as_list(after) or (), strict=False):
        yield from _pairs(old_item, new_item)
