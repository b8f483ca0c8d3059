"""Whether two clouds hold the same: ids that differ only because something was made anew do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.serve.difference import differences
from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.wire import as_list, as_object, bare
from mlplatform.rehearse.model import Failure
from mlplatform.rehearse.state import State

Contents = tuple[Held, ...]


def differs(expected: Contents, found: Contents, account: Account) -> tuple[Failure, ...]:
    """What is missing, too much, or not the same.

    Args:
        expected: of an undisturbed run.
        found: of the run in question.
        account: where both live.
    """
    renamed = _renamed(found, account)
    want, have = _by_name(expected, {}), _by_name(found, renamed)
    counted = Counter((held.token, held.name) for held in found)
    doubled = Counter((held.token, held.name) for held in expected)
    failures = [
        Failure(f"{name} ({token})", f"is there {number} times instead of {doubled[token, name] or 'not at all'}")
        for (token, name), number in sorted(counted.items())
        if number > doubled[token, name]
    ]
    failures += [Failure(f"{name} ({token})", "is missing") for token, name in sorted(want.keys() - have.keys())]
    for key in sorted(want.keys() & have.keys()):
        paths = ", ".join(change.wire for change in differences(want[key], have[key]))
        if paths:
            failures.append(Failure(f"{key[1]} ({key[0]})", f"differs in {paths}"))
    return tuple(failures)


def unlike_state(state: State, found: Contents, retained: set[tuple[str, str]]) -> tuple[Failure, ...]:
    """Where state and cloud disagree: what only one of the two knows, and operations still pending."""
    there = {(held.token, held.id): held.name for held in found}
    known = {(kept.type, kept.id): kept.name for kept in state.resources}
    failures = [
        Failure(f"{there[key]} ({key[0]})", f"{key[1]} is in the cloud and not in the state: orphaned")
        for key in sorted(there.keys() - known.keys() - retained)
    ]
    failures += [
        Failure(f"{known[key]} ({key[0]})", f"{key[1]} is in the state and not in the cloud")
        for key in sorted(known.keys() - there.keys())
    ]
    failures += [Failure(pending.urn, f"is still {pending.kind}") for pending in state.pending]
    return tuple(failures)


def _by_name(contents: Contents, renamed: Mapping[str, str]) -> dict[tuple[str, str], dict[str, object]]:
    return {
        (held.token, held.name): {key: _spelled(bare(value), renamed) for key, value in held.inputs.items()}
        for held in contents
    }


def _spelled(value: object, renamed: Mapping[str, str]) -> object:
    if not renamed:
        return value
    if isinstance(value, str):
        for old, new in renamed.items():
            value = value.replace(old, new)
        return value
    entries = as_object(value)
    if entries is not None:
        return {_spelled(key, renamed): _spelled(item, renamed) for key, item in entries.items()}
    items = as_list(value)
    return [_spelled(item, renamed) for item in items] if items is not None else value


def _renamed(contents: Contents, account: Account) -> dict[str, str]:
    """Ids of what was made anew, to what they would have been the first time; longest first."""
    found: dict[str, str] = {}
    for held in contents:
        if held.seed != held.name:
            id_, outputs = provider_outputs(held.token, held.name, held.inputs, account)
            found |= dict(_pairs({"id": held.id, "outputs": held.outputs}, {"id": id_, "outputs": outputs}))
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _pairs(old: object, new: object) -> Iterator[tuple[str, str]]:
    before, after = bare(old), bare(new)
    if isinstance(before, str) and isinstance(after, str):
        if before != after:
            yield before, after
        return
    first, second = as_object(before), as_object(after)
    if first is not None and second is not None:
        for key in first.keys() & second.keys():
            yield from _pairs(first[key], second[key])
        return
    for one, other in zip(as_list(before) or (), as_list(after) or (), strict=False):
        yield from _pairs(one, other)
