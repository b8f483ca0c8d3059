"""Links between resources, found from ids, ARNs and names among inputs, since a cloud sees nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import Operation, word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.deletion import InUseRule
from mlplatform.mock_cloud.rules.update import GrowingRule
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path


class Links:
    """The resources behind each identifier, and the resources that refer to it."""

    def __init__(self) -> None:
        self._identified: dict[str, list[Held]] = {}
        self._users: dict[str, list[Held]] = {}
        self._deleted: dict[str, Held] = {}

    def copy(self) -> Links:
        """A copy with the same links."""
        other = Links()
        other._identified = {identifier: list(resources) for identifier, resources in self._identified.items()}
        other._users = {text: list(users) for text, users in self._users.items()}
        other._deleted = dict(self._deleted)
        return other

    def add(self, held: Held) -> None:
        """Add a resource."""
        for identifier in held.identifiers:
            self._identified.setdefault(identifier, []).append(held)
            self._deleted.pop(identifier, None)
        for text in held.references:
            self._users.setdefault(text, []).append(held)

    def remove(self, held: Held) -> None:
        """Remove a resource, which is deleted or about to be added with other inputs."""
        for identifier in held.identifiers:
            self._identified[identifier].remove(held)
        for text in held.references:
            self._users[text].remove(held)

    def mark_deleted(self, held: Held) -> None:
        """Refuse references to a resource's id from now on."""
        for identifier in (held.id, held.outputs.get("arn"), held.outputs.get("selfLink")):
            if isinstance(identifier, str) and identifier:
                self._deleted[identifier] = held

    def usable_at(self, held: Held, start: float) -> float:
        """The time from which a resource can be created.

        Args:
            held: the resource.
            start: beginning of the present run; what was ready long before is usable.

        Raises:
            CloudRefused: something that it refers to is deleted, or not usable yet and the provider does not wait.
        """
        self._refuse_deleted(held)
        return max([start, *(_ready_at(held, target, start) for target in self._targets(held))])

    def refuse_used(self, held: Held) -> None:
        """Raises CloudRefused if other resources use it."""
        rules = [rule for rule in rules_of(held.token).in_use if rule.token == held.token]
        if not rules:
            return
        for user, paths in sorted(self._users_of(held), key=lambda user_and_paths: _order(user_and_paths[0])):
            for rule in rules:
                if _is_use(rule, user, paths):
                    cause = f"{user.name} ({user.token}) still uses it: make one depend on the other"
                    raise word_refusal(rule.error, held.token, held.name, held.id, user.id, cause=cause)

    def contained(self, held: Held, resources: Iterable[Held]) -> list[Held]:
        """Resources that are deleted with a resource: those whose ids begin with its id."""
        if held.token not in rules_of(held.token).containers:
            return []
        begin = f"{held.id}/".lower()
        return [other for other in resources if other.id.lower().startswith(begin)]

    def _targets(self, held: Held) -> Iterator[Held]:
        """Resources that a resource refers to."""
        for text in held.references:
            yield from (other for other in self._identified.get(text, ()) if other.id != held.id)

    def _users_of(self, held: Held) -> Iterator[tuple[Held, frozenset[str]]]:
        """Resources that refer to a resource, with the properties in which they do."""
        for identifier in held.identifiers:
            for user in self._users.get(identifier, ()):
                if user is not held:
                    yield user, user.references[identifier]

    def _refuse_deleted(self, held: Held) -> None:
        for text in held.references:
            deleted = self._deleted.get(text)
            # its own name is no link, even where one of the same name was deleted
            if deleted is not None and text not in held.identifiers and not self._identified.get(text):
                error = rules_of(deleted.token).missing
                cause = f"{held.name} still refers to {deleted.name}, which was deleted: declare the dependency"
                raise word_refusal(error, deleted.token, deleted.name, deleted.id, held.name, cause=cause)


def seconds(token: str, op: Operation) -> int:
    """The duration of an operation; an update takes half as long as a creation that takes minutes."""
    rules = rules_of(token)
    rule = next((rule for rule in rules.durations if rule.token == token), None)
    if rule is None:
        return rules.seconds
    return rule.create if op == "create" else rule.delete if op == "delete" else max(rules.seconds, rule.create // 2)


def refuse_full(held: Held) -> None:
    """Raises CloudRefused if the cloud does not delete a resource together with its contents."""
    for rule in rules_of(held.token).non_empty:
        if rule.token == held.token and not any(value_at_path(held.inputs, path) is True for path in rule.by):
            raise word_refusal(rule.error, held.token, held.name, held.id)


def refuse_protected(held: Held) -> None:
    """Raises CloudRefused if a resource protects itself from deletion."""
    for rule in rules_of(held.token).protected:
        if rule.token == held.token and value_at_path(held.inputs, rule.path) == rule.value:
            raise word_refusal(rule.error, held.token, held.name, held.id)


def refuse_immutable(held: Held, inputs: Mapping[str, object]) -> None:
    """Raises CloudRefused if the cloud does not make this change in place."""
    for rule in rules_of(held.token).immutable:
        if rule.token == held.token and value_at_path(held.inputs, rule.path) != value_at_path(inputs, rule.path):
            raise word_refusal(rule.error, held.token, held.name, held.id, rule.path)
    _refuse_bounds(held, inputs)
    for growing in rules_of(held.token).growing:
        if growing.token == held.token:
            kept = _entries(inputs, growing)
            lost = sorted(name for name, entry in _entries(held.inputs, growing).items() if kept.get(name) != entry)
            if lost:
                raise word_refusal(growing.error, held.token, held.name, held.id, ", ".join(lost))


def _refuse_bounds(held: Held, inputs: Mapping[str, object]) -> None:
    """Raises CloudRefused if a count would be outside of its bounds."""
    for rule in rules_of(held.token).bounds:
        if rule.token != held.token:
            continue
        least, count, most = (value_at_path(inputs, path) for path in (rule.least, rule.count, rule.most))
        if not isinstance(count, int | float):
            continue
        if isinstance(least, int | float) and count < least:
            raise word_refusal(rule.too_few, held.token, held.name, f"{least:g}", f"{count:g}")
        if isinstance(most, int | float) and count > most:
            raise word_refusal(rule.too_many, held.token, held.name, f"{most:g}", f"{count:g}")


def _entries(inputs: Mapping[str, object], rule: GrowingRule) -> dict[str, object]:
    """The entries of a list in a document, by their names."""
    text = plain_value(inputs.get(rule.document))
    document = as_object(json.loads(text)) if isinstance(text, str) and text.startswith("{") else None
    entries = [as_object(entry) or {} for entry in as_list((document or {}).get(rule.list)) or ()]
    return {str(entry.get(rule.name)): entry for entry in entries}


def recycled(held: Held, inputs: Mapping[str, object]) -> str:
    """What an update in place replaces, for people; empty where it replaces nothing that runs."""
    for rule in rules_of(held.token).recycling:
        if rule.token == held.token and any(
            _without(held.inputs, path, rule.quiet) != _without(inputs, path, rule.quiet) for path in rule.paths
        ):
            return rule.words
    return ""


def _without(inputs: Mapping[str, object], path: str, quiet: tuple[str, ...]) -> object:
    """The value at a path without the inputs in it that replace nothing."""
    value = plain_value(value_at_path(inputs, path))
    inside = {name.removeprefix(f"{path}.") for name in quiet if name.startswith(f"{path}.")}
    entries = as_object(value)
    return {key: item for key, item in entries.items() if key not in inside} if entries is not None else value


def _order(held: Held) -> tuple[str, str]:
    return held.token, held.id


def _is_use(rule: InUseRule, user: Held, paths: frozenset[str]) -> bool:
    for by in rule.by:
        token, _, path = by.partition("#")
        if token == user.token and (not path or path in paths):
            return True
    return False


def _ready_at(held: Held, target: Held, start: float) -> float:
    ready_at = target.ready_at
    for rule in rules_of(target.token).propagation:
        usable_at = target.ready_at + rule.seconds
        applies = rule.token == target.token and (not rule.users or held.token in rule.users)
        if not applies or usable_at <= start:
            continue
        if not rule.retried:
            raise word_refusal(rule.error, target.token, target.name, target.id, held.name)
        ready_at = max(ready_at, usable_at)
    return ready_at
