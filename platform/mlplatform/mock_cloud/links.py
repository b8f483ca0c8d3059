"""What points at what: found from ids, ARNs and names among inputs, since a cloud sees nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held, texts
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.base import InUse
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.wire import within


def mentions(inputs: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    """Every text among inputs, with the properties it stands in."""
    found: dict[str, set[str]] = {}
    for path, text in texts(inputs):
        found.setdefault(text, set()).add(path)
    return {text: frozenset(paths) for text, paths in found.items()}


def seconds(token: str, op: str) -> int:
    """How long a change takes: an update of what takes minutes takes half of its creation."""
    rules = rules_of(token)
    row = next((row for row in rules.takes if row.token == token), None)
    if row is None:
        return rules.seconds
    return row.create if op == "create" else row.delete if op == "delete" else max(rules.seconds, row.create // 2)


class Links:
    """Who can be pointed at by which text, and who points there."""

    def __init__(self) -> None:
        self._marked: dict[str, list[Held]] = {}
        self._users: dict[str, list[Held]] = {}
        self._dead: dict[str, Held] = {}

    def copy(self) -> Links:
        """Another one that knows the same."""
        other = Links()
        other._marked = {mark: list(found) for mark, found in self._marked.items()}
        other._users = {text: list(found) for text, found in self._users.items()}
        other._dead = dict(self._dead)
        return other

    def add(self, held: Held) -> None:
        """A resource is there."""
        for mark in held.marks:
            self._marked.setdefault(mark, []).append(held)
            self._dead.pop(mark, None)
        for text in held.mentions:
            self._users.setdefault(text, []).append(held)

    def remove(self, held: Held) -> None:
        """A resource is gone, or about to be put again with other inputs."""
        for mark in held.marks:
            self._marked[mark].remove(held)
        for text in held.mentions:
            self._users[text].remove(held)

    def bury(self, held: Held) -> None:
        """A resource was deleted: what points at its id from now on points nowhere."""
        for mark in (held.id, held.outputs.get("arn"), held.outputs.get("selfLink")):
            if isinstance(mark, str) and mark:
                self._dead[mark] = held

    def targets(self, held: Held) -> Iterator[Held]:
        """What a resource points at."""
        for text in held.mentions:
            yield from (other for other in self._marked.get(text, ()) if other.id != held.id)

    def users(self, held: Held) -> Iterator[tuple[Held, frozenset[str]]]:
        """Who points at a resource, and with which properties."""
        for mark in held.marks:
            for user in self._users.get(mark, ()):
                if user is not held:
                    yield user, user.mentions[mark]

    def refuse_dead(self, held: Held) -> None:
        """Raises CloudRefused where something it points at was deleted."""
        for text in held.mentions:
            gone = self._dead.get(text)
            # its own name is no link, even where one of the same name was deleted
            if gone is not None and text not in held.marks and not self._marked.get(text):
                error = rules_of(gone.token).missing
                raise refusal(error, gone.token, gone.name, gone.id, held.name, cause=_gone(held, gone))

    def refuse_used(self, held: Held) -> None:
        """Raises CloudRefused where others use it."""
        rules = [rule for rule in rules_of(held.token).in_use if rule.token == held.token]
        if not rules:
            return
        for user, paths in sorted(self.users(held), key=lambda found: (found[0].token, found[0].id)):
            for rule in rules:
                if _is_use(rule, user, paths):
                    cause = f"{user.name} ({user.token}) still uses it: make the one depend on the other"
                    raise refusal(rule.error, held.token, held.name, held.id, user.id, cause=cause)

    def inside(self, held: Held, everything: Iterable[Held]) -> list[Held]:
        """What ends with a resource: whatever its own id is the beginning of."""
        if held.token not in rules_of(held.token).inside:
            return []
        begin = f"{held.id}/".lower()
        return [other for other in everything if other.id.lower().startswith(begin)]


def refuse_full(held: Held) -> None:
    """Raises CloudRefused where a resource is not deleted with what is kept in it."""
    for rule in rules_of(held.token).holds:
        if rule.token == held.token and not any(within(held.inputs, path) is True for path in rule.by):
            raise refusal(rule.error, held.token, held.name, held.id)


def refuse_frozen(held: Held, inputs: Mapping[str, object]) -> None:
    """Raises CloudRefused where a change is one that the cloud does not make in place."""
    for rule in rules_of(held.token).frozen:
        if rule.token == held.token and within(held.inputs, rule.path) != within(inputs, rule.path):
            raise refusal(rule.error, held.token, held.name, held.id, rule.path)


def _is_use(rule: InUse, user: Held, paths: frozenset[str]) -> bool:
    for by in rule.by:
        token, _, path = by.partition("#")
        if token == user.token and (not path or path in paths):
            return True
    return False


def _gone(held: Held, gone: Held) -> str:
    return f"{held.name} still points at {gone.name}, which was deleted: the program does not tell Pulumi of the link"
