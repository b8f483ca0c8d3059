"""Asks an account which of the planned resources are there, with the reading commands of the cloud's command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import cast

from mlplatform import discovery
from mlplatform.catalog.import_ids import MADE, LiveList, fill_form, import_form, live_list, matches
from mlplatform.components.live_account import AccountNeeds, ReadsAccount
from mlplatform.components.live_traffic import Ask, NotAnswered
from mlplatform.plan.model import Plan, Step
from mlplatform.spec.platform import PlatformSpec
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.survey import Looked, takes_over

_NOBODY = AccountNeeds(quotas=(), machines=(), policies=(), resources=())
_SHOWN = 4


class WrongAccount(Exception):
    """Nobody answers, or somebody of another account; the text says what to do."""


def require_account(spec: PlatformSpec, target: str, ask: Ask) -> None:
    """Make sure that whoever answers is of the target's account.

    Raises:
        WrongAccount: it is not, or nobody can say.
    """
    narrowed = spec.on(target)
    backend = discovery.backend(narrowed.targets[0].cloud)
    try:
        ask_all = backend.load(ReadsAccount)
    except NotImplementedError:
        raise WrongAccount(f"--live: the package of {backend.title} cannot ask an account; use --id or --ids") from None
    first = next((each for each in ask_all(narrowed, _NOBODY, ask) if each.area == "account"), None)
    if first is not None and first.word != "ok":
        raise WrongAccount(f"--live: {first.subject}: {first.found}; {first.fix}")


def look_up(plan: Plan, identifier: Identifier, known: Collection[str], ask: Ask) -> Looked:
    """What the account says of each planned resource that an import could take over.

    Args:
        plan: the resolved plan.
        identifier: is told every id that is found.
        known: URNs of which nothing is asked.
        ask: runs a command, and returns the document that it prints.
    """
    return dict(_Account(identifier, ask).each(plan, known))


class _Account:
    def __init__(self, identifier: Identifier, ask: Ask) -> None:
        self._identifier = identifier
        self._ask = ask
        self._answers: dict[tuple[str, ...], Sequence[object] | str] = {}
        self._absent: dict[str, str] = {}

    def each(self, plan: Plan, known: Collection[str]) -> Iterator[tuple[str, tuple[str | None, str]]]:
        """By URN: the id, empty where it is not there, None where nobody can say; and why."""
        for step in plan.resources():
            form = import_form(step.type)
            if step.urn in known or step.op == "read" or takes_over(step.type) or form is None or not form.form:
                continue
            found, why = self._look(step)
            if found:
                self._identifier.know(step, found)
            elif found is not None:
                self._absent[step.urn] = self._identifier.id_of(step) or ""
            yield step.urn, (found, why)

    def _look(self, step: Step) -> tuple[str | None, str]:
        planned = self._identifier.id_of(step)
        if planned is None:
            return None, "its plan has no value for its id"
        if self._lies_in_absent(step, planned):
            return "", "what it belongs to is not there"
        row = live_list(step.type)
        if row is None:
            return None, "no reading command finds it; name it with --id where it is there"
        command = tuple(self._identifier.fill(step, word) or MADE for word in row.command)
        if any(MADE in word for word in command):
            return None, "nobody knows yet what it belongs to"
        items = self._list(command, row)
        if isinstance(items, str):
            return None, items
        found = [id_ for item in items if (id_ := self._same(step, planned, row, item))]
        if len(found) > 1:
            shown = ", ".join(found[:_SHOWN])
            return None, f"the account has {len(found)} that look like it: {shown}; name one with --id {step.name}=ID"
        return (found[0], "the account has it") if found else ("", "")

    def _lies_in_absent(self, step: Step, planned: str) -> bool:
        """Whether an id has a part that belongs to something that is not there."""
        if any(urn in self._absent for urn in self._identifier.waits(step)):
            return True
        inside = planned.lower()
        return any(id_ and inside.startswith(f"{id_.lower()}/") for id_ in self._absent.values())

    def _list(self, command: tuple[str, ...], row: LiveList) -> Sequence[object] | str:
        """The items of an answer, or why there is none; each command runs once."""
        if command not in self._answers:
            try:
                answer = _at(self._ask(command), row.items) if row.items else self._ask(command)
                self._answers[command] = cast("list[object]", answer) if isinstance(answer, list) else [answer]
            except NotAnswered as error:
                gone = row.missing and re.search(row.missing, str(error))
                self._answers[command] = [] if gone else f"nobody says: {error}"
        return self._answers[command]

    def _same(self, step: Step, planned: str, row: LiveList, item: object) -> str:
        """The id of an item where it is the planned resource; empty where it is another one."""
        value = self._value_of(step, item)
        id_ = fill_form(row.id, value) or ""
        if not id_ or not matches(planned, id_):
            return ""
        for theirs, ours in row.like:
            mine = self._identifier.fill(step, ours)
            if mine is None or MADE in mine or fill_form(theirs, lambda name: _text(item, name)) != mine:
                return ""
        # Azure's command line writes ids in other letters than the API
        return planned if id_.lower() == planned.lower() else id_

    def _value_of(self, step: Step, item: object) -> Callable[[str], str | None]:
        return lambda name: _text(item, name) or self._identifier.fill(step, f"{{{name}}}")


def _text(item: object, path: str) -> str | None:
    found = item if path == "." else _at(item, path)
    return found if isinstance(found, str) and found else None


def _at(value: object, path: str) -> object:
    """The value at a path; AWS writes tags as a list of keys and values."""
    for part in path.split("."):
        if isinstance(value, dict):
            value = cast("Mapping[str, object]", value).get(part)
        elif isinstance(value, list):
            tags = (
                cast("Mapping[str, object]", each) for each in cast("list[object]", value) if isinstance(each, dict)
            )
            value = next((tag.get("Value") for tag in tags if tag.get("Key") == part), None)
        else:
            return None
    return value
