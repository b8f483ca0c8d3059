"""The heading of a review as sentences, worst first: what somebody who has ten seconds must decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlplatform.decision.causes import Cause, PlacedFinding, group_by_cause
from mlplatform.decision.models import ModelMove, moved_models
from mlplatform.decision.money import cost_sentence, over_budget
from mlplatform.decision.things import name_things
from mlplatform.plan.change import ChangeKind
from mlplatform.plan.finding import LEVELS, Level
from mlplatform.review import Review
from mlplatform.risk.catalogue import all_rules

MOST_FACTS = 3
"""Sentences in a heading, without that about the cost."""
_TOPICS = ("data loss", "exposure", "access", "downtime", "encryption", "quota", "names", "checks", "cost")
"""Order within a level."""
_BY_COST = "cost-up"
"""The rule whose finding the sentence about the cost repeats."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of the heading."""

    level: Level
    """Level of the findings behind it; `info` without any."""

    text: str
    """A part of a sentence, without a full stop. Untrusted values are in single quotes."""

    rule: str = ""
    """Id of the rule behind it; empty for none."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What a change does, in one line."""

    level: Level | None
    """The worst level; None without findings."""

    facts: tuple[Fact, ...]
    """All facts, worst first."""

    cost: str
    """What it costs; empty where nothing changes."""

    @property
    def text(self) -> str:
        """The line: the first facts, how many follow, and the cost."""
        shown = [fact.text for fact in self.facts[:MOST_FACTS]]
        rest = len(self.facts) - len(shown)
        if rest:
            shown[-1] += f" (and {rest} more)"
        return "; ".join([*shown, *([self.cost] if self.cost else [])])


def headline_of(reviews: Sequence[Review]) -> Headline:
    """The heading of the reviews of one change; of those that change something."""
    changed = [review for review in reviews if review.diff.changes or review.diff.spec_changes]
    gate = list(_about_the_gate(reviews))
    levels: list[Level] = []
    levels.extend(fact.level for fact in gate)
    if not changed:
        return Headline(_worst(levels), (*gate, Fact("info", "nothing changes")), "")
    causes = group_by_cause(changed)
    # of a platform that is built anew, nothing but lost data is worth a second sentence
    placed = [
        one for cause in causes for one in cause.findings if not cause.rebuilds or one.finding.level == "critical"
    ]
    found = [*_rebuilt(causes), *finding_facts(placed)]
    models = [Fact("info", _model(move)) for move in moved_models(changed)]
    facts = [*_worth_a_heading(found), *models] or found or [Fact("info", _harmless(changed))]
    levels.extend(review.worst for review in changed if review.worst)
    if over_budget(changed):
        levels.append("high")
    return Headline(_worst(levels), (*gate, *facts), cost_sentence(changed))


def _worst(levels: Sequence[Level]) -> Level | None:
    return min(levels, key=LEVELS.index, default=None)


def _about_the_gate(reviews: Sequence[Review]) -> Iterator[Fact]:
    """What stops or opens the gate besides findings: it stands before them."""
    expired = {(entry.rule, entry.resource) for review in reviews for entry in review.judged.expired}
    if expired:
        yield Fact("high", f"{len(expired)} acceptance{' has' if len(expired) == 1 else 's have'} expired")
    own = {(entry.rule, entry.resource) for review in reviews for entry in review.judged.own}
    if own:
        many = "its own acceptance, which does" if len(own) == 1 else f"{len(own)} acceptances of its own, which do"
        yield Fact("info", f"the change adds {many} not count yet")


def _worth_a_heading(facts: Sequence[Fact]) -> list[Fact]:
    """The facts of critical and high findings; those of medium ones where there are no others."""
    for levels in (("critical", "high"), ("medium",)):
        if found := [fact for fact in facts if fact.level in levels]:
            return found
    return []


def finding_facts(placed: Sequence[PlacedFinding]) -> list[Fact]:
    """What findings say together, one sentence for each level, rule and meaning, worst first."""
    topics = {rule.id: rule.topic for rule in all_rules()}
    groups: dict[tuple[Level, str, str], list[PlacedFinding]] = {}
    for one in placed:
        finding = one.finding
        if finding.rule != _BY_COST:
            about = finding.headline or _clause(finding.reason)
            groups.setdefault((finding.level, finding.rule, about), []).append(one)

    def order(key: tuple[Level, str, str]) -> tuple[int, int, int]:
        level, rule, _ = key
        topic = topics.get(rule, "checks")
        return LEVELS.index(level), _TOPICS.index(topic) if topic in _TOPICS else len(_TOPICS), -len(groups[key])

    return [Fact(key[0], _sentence(key[2], groups[key]), key[1]) for key in sorted(groups, key=order)]


def _rebuilt(causes: Sequence[Cause]) -> Iterator[Fact]:
    for cause in causes:
        if cause.rebuilds and cause.worst:
            stacks = ", ".join(touched.review.stack for touched in cause.touched)
            yield Fact(cause.worst, f"another '{cause.fields[0].path}' builds {stacks} anew")


def _sentence(about: str, placed: Sequence[PlacedFinding]) -> str:
    things = name_things(placed)
    if not placed[0].finding.headline:
        # a reason speaks of one resource
        if about.startswith("it "):
            return f"{things.text} {about[3:]}" if things.count == 1 else f"{things.text}: each {about[3:]}"
        if about.startswith("its ") and things.count > 1:
            return f"{things.text}: their {about[4:]}"
        return f"{things.text}: {about}"
    number = len(placed) if "{count}" in about else things.count
    text = re.sub(r"\[([^\[\]|]*)\|([^\[\]|]*)\]", lambda match: match[1 if number == 1 else 2], about)
    return text.replace("{things}", things.text).replace("{count}", f"{number}")


def _clause(reason: str) -> str:
    """The first part of a reason, as the end of a sentence: `Access is not logged.` as `access is not logged`."""
    first = re.split(r"[.;:](?:\s|$)", reason, maxsplit=1)[0]
    return first[:1].lower() + first[1:] if first[1:2].islower() or first[1:2] == " " else first


def _model(move: ModelMove) -> str:
    of = f" ('{move.variant}')" if move.variant else ""
    return f"endpoint '{move.endpoint}'{of} serves '{move.after}' instead of '{move.before}', {move.watch}"


def _harmless(reviews: Sequence[Review]) -> str:
    accepted = sum(len(review.judged.accepted) for review in reviews)
    besides = f" besides {accepted} that {'is' if accepted == 1 else 'are'} accepted" if accepted else ""
    counts = Counter(change.kind for review in reviews for change in review.diff.changes)
    if not counts:
        return f"no risks found{besides}: no resource changes"
    words = ", ".join(f"{counts[kind]} {word}" for kind, word in _WORDS.items() if counts[kind])
    return f"no risks found{besides}: {words.replace(' ', ' resource ' if counts.total() == 1 else ' resources ', 1)}"


_WORDS: dict[ChangeKind, str] = {
    "delete": "deleted",
    "replace": "replaced",
    "update": "updated",
    "create": "created",
    "move": "moved",
}
