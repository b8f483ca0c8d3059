"""Applies the check rules to a plan: a pure function, in one pass, with rules looked up by type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.resource import Resource, UnknownInput, plain_type
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.plan.finding import Finding
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.unjudged import failed_rule

Status = Literal["compliant", "violated", "unknown", "not-applicable"]


@dataclass(frozen=True, slots=True)
class UndecidedCheck:
    """A check that cannot be decided before creation."""

    rule: str
    """Id of the rule."""

    urn: str
    """The resource."""

    path: str
    """Input whose value is unknown."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The results of all rules for one plan."""

    plan: Plan
    """The checked plan."""

    rules: tuple[CheckRule, ...]
    """All rules that were applied."""

    findings: tuple[Finding, ...]
    """Findings, worst first; a rule that failed on a resource is one too (`mlplatform.plan.unjudged`)."""

    unknown: tuple[UndecidedCheck, ...]
    """Checks that cannot be decided before creation, by rule and resource; they never count as compliant."""

    compliant: tuple[tuple[str, str], ...]
    """Rule and URN of each compliant resource, by rule and resource."""


def check_plan(plan: Plan, rules: Iterable[CheckRule] | None = None) -> CheckReport:
    """Apply the rules to a plan.

    Args:
        plan: an offline plan, a preview, or a stack's state.
        rules: rules to apply. Omitted: the built-in ones and those of installed packages.

    Raises:
        mlplatform.checks.catalogue.BadRules: an installed package does not provide a rule.
    """
    if rules is None:
        from mlplatform.checks.catalogue import all_rules

        rules = all_rules()
    applied = tuple(rules)
    index = PlanIndex(plan.steps)
    table = {token: _for_type(applied, token) for token in index.types}
    findings: list[Finding] = []
    unknown: list[UndecidedCheck] = []
    compliant: list[tuple[str, str]] = []
    for step in index.steps:
        for rule, entries in table[plain_type(step.type)]:
            try:
                status, faults, path = evaluate_entries(entries, step, index)
            except Exception as error:  # a rule of anybody, on a document of anybody: the gate stays closed
                findings.append(failed_rule(rule.id, step.urn, error))
                continue
            if status == "violated":
                findings += (_finding(rule, step, index, entry, fault) for entry, fault in faults)
            elif status == "unknown":
                unknown.append(UndecidedCheck(rule.id, step.urn, path))
            elif status == "compliant":
                compliant.append((rule.id, step.urn))
    return CheckReport(
        plan,
        applied,
        tuple(sorted(findings, key=lambda finding: (*finding.order, finding.reason))),
        tuple(sorted(unknown, key=lambda item: (item.rule, item.urn, item.path))),
        tuple(sorted(compliant)),
    )


def evaluate_entries(
    entries: Sequence[Entry], step: Step, index: PlanIndex | None
) -> tuple[Status, list[tuple[Entry, CheckFault]], str]:
    """Apply one rule's entries to one resource: returns the status, the faults, and the first unknown path.

    Args:
        entries: the entries for the resource's type.
        step: the resource.
        index: the rest of the plan; only entries that declare `siblings` see it.
    """
    faults: list[tuple[Entry, CheckFault]] = []
    unknown: list[str] = []
    is_applicable = False
    for entry in entries:
        resource = Resource(step, index if entry.siblings else None)
        try:
            if entry.when is not None and not entry.when(resource):
                continue
            is_applicable = True
            for fault in entry.test(resource):
                faults.append((entry, fault))
        except UnknownInput as error:
            is_applicable = True
            unknown.append(error.path)
    if faults:
        return "violated", faults, ""
    if unknown:
        return "unknown", [], unknown[0]
    return ("compliant" if is_applicable else "not-applicable"), [], ""


def entry_applies(entry: Entry, token: str) -> bool:
    """Whether an entry applies to a type, given without API version."""
    return any(token == types or ("*" in types and fnmatchcase(token, types)) for types in entry.types)


def _for_type(rules: Iterable[CheckRule], token: str) -> list[tuple[CheckRule, list[Entry]]]:
    matching = ((rule, [entry for entry in rule.entries if entry_applies(entry, token)]) for rule in rules)
    return [(rule, entries) for rule, entries in matching if entries]


def _finding(rule: CheckRule, step: Step, index: PlanIndex, entry: Entry, fault: CheckFault) -> Finding:
    packages = (token.partition(":")[0] for token in (step.type, *index.types)) if entry.pages else ()
    return Finding(rule.id, rule.level, step.urn, fault.reason, rule.fix, fault.path, entry.page(packages))
