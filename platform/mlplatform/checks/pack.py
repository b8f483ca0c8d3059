"""The rules as a Pulumi policy pack, which applies them in `pulumi preview` and `pulumi up`.

https://www.pulumi.com/docs/insights/policy/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypedDict

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from mlplatform.checks.catalogue import all_rules
from mlplatform.checks.engine import entry_applies, evaluate_entries
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.policy_steps import PolicyMemory, step_from_policy
from mlplatform.checks.resource import plain_type
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.plan.acceptance import Acceptance, today
from mlplatform.plan.finding import Finding, Level, at_least
from mlplatform.plan.model import Step
from mlplatform.spec.problem import Problem

NAME = "mlplatform"
OPEN = "known-after-creation"
"""The policy that reports what a preview cannot decide."""
MANDATORY: Level = "high"
"""Rules of this level and worse stop an update; the others are advisory."""

_SEVERITIES: Mapping[Level, Severity | None] = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": None,
}


def serve() -> None:
    """Serve all rules to Pulumi's engine until it ends; the acceptance file is the project's.

    Raises:
        SystemExit: the acceptance file or a package's rules are invalid; every problem is printed.
    """
    from mlplatform.checks.catalogue import BadRules
    from mlplatform.plan.acceptance_file import find_acceptance_file, read_acceptances
    from mlplatform.reading.partial import Unacceptable

    file = find_acceptance_file()
    try:
        policies = build_policies(all_rules(), read_acceptances(file) if file else ())
    except Unacceptable as refused:
        raise SystemExit("\n".join(_line(problem) for problem in refused.problems)) from None
    except BadRules as error:
        raise SystemExit(str(error)) from None
    PolicyPack(NAME, policies, display_name="mlplatform", tags=["security"])


def _line(problem: Problem) -> str:
    place = ":".join(str(part) for part in (problem.file, problem.line, problem.path) if part)
    return f"{place}: got {problem.got}, expected {problem.expected}; {problem.fix}"


def build_policies(rules: Iterable[CheckRule], acceptances: Sequence[Acceptance] = ()) -> list[Policy]:
    """Convert rules to policies: for single resources under the rule's id, for the whole stack with `-stack`.

    Args:
        rules: the rules.
        acceptances: accepted findings are not reported. One that lowers the level keeps a mandatory policy from
            stopping.
    """
    memory = PolicyMemory()
    policies: list[Policy] = []
    for rule in rules:
        own = [entry for entry in rule.entries if not entry.siblings]
        with_siblings = [entry for entry in rule.entries if entry.siblings]
        if own:
            # the first policy gets every resource and remembers its inputs for the stack policies
            validate = _for_resource(rule, own, acceptances, memory, first=not policies)
            policies.append(ResourceValidationPolicy(**_about(rule, own, rule.id), validate=validate))
        if with_siblings:
            check = _for_stack(rule, with_siblings, acceptances, memory)
            policies.append(StackValidationPolicy(**_about(rule, with_siblings, f"{rule.id}-stack"), validate=check))
    policies.append(
        StackValidationPolicy(
            name=OPEN,
            description="Checks of values that are unknown before creation are decided during the update.",
            enforcement_level=EnforcementLevel.ADVISORY,
            validate=_for_open(memory),
        )
    )
    return policies


def enforcement(level: Level) -> EnforcementLevel:
    """Pulumi's enforcement level for a rule's level; the pack's configuration can override it."""
    return EnforcementLevel.MANDATORY if at_least(level, MANDATORY) else EnforcementLevel.ADVISORY


class _About(TypedDict):
    name: str
    description: str
    enforcement_level: EnforcementLevel
    display_name: str
    severity: Severity | None
    tags: list[str]
    remediation_steps: str
    url: str


def _about(rule: CheckRule, entries: Sequence[Entry], name: str) -> _About:
    return {
        "name": name,
        "description": f"{rule.title}. {rule.why}",
        "enforcement_level": enforcement(rule.level),
        "display_name": rule.title,
        "severity": _SEVERITIES[rule.level],
        "tags": [rule.topic, *sorted({ref for entry in entries for ref in entry.refs})],
        "remediation_steps": rule.fix,
        "url": next((link for entry in entries for link in entry.links), ""),
    }


def _for_resource(
    rule: CheckRule, entries: Sequence[Entry], acceptances: Sequence[Acceptance], memory: PolicyMemory, *, first: bool
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        token = plain_type(args.resource_type)
        ours = [entry for entry in entries if entry_applies(entry, token)]
        if ours or first or not memory.knows(args.urn):
            step = memory.remember(step_from_policy(args))
            _report(rule, ours, step, None, acceptances, memory, report_violation)

    return validate


def _for_stack(
    rule: CheckRule, entries: Sequence[Entry], acceptances: Sequence[Acceptance], memory: PolicyMemory
) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        index = memory.index(args)
        for step in index.steps:
            token = plain_type(step.type)
            ours = [entry for entry in entries if entry_applies(entry, token)]
            _report(rule, ours, step, index, acceptances, memory, report_violation)

    return validate


def _for_open(memory: PolicyMemory) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        index = memory.index(args)
        steps = {step.urn: step for step in index.steps}
        counts: Counter[str] = Counter()
        for (rule, urn), entries in memory.open.items():
            # here dependencies are known: a key of the stack counts as a key
            if urn in steps and evaluate_entries(entries, steps[urn], index)[0] == "unknown":
                counts[rule] += 1
        if counts:
            rules = ", ".join(f"{rule} ({counts[rule]})" for rule in sorted(counts))
            report_violation(f"Undecided before creation: {rules}.", None)

    return validate


def _report(
    rule: CheckRule,
    entries: Sequence[Entry],
    step: Step,
    index: PlanIndex | None,
    acceptances: Sequence[Acceptance],
    memory: PolicyMemory,
    report_violation: ReportViolation,
) -> None:
    if not entries:
        return
    status, faults, _ = evaluate_entries(entries, step, index)
    memory.decide(rule.id, step.urn, entries, known=status != "unknown")
    for _, fault in faults:
        if not _accepted(rule, step, fault, acceptances):
            where = f" ({fault.path})" if fault.path else ""
            report_violation(f"{fault.reason}{where} {rule.fix}", step.urn)


def _accepted(rule: CheckRule, step: Step, fault: CheckFault, acceptances: Sequence[Acceptance]) -> bool:
    stack = step.urn.removeprefix("urn:pulumi:").partition("::")[0]
    finding = Finding(rule.id, rule.level, step.urn, fault.reason)
    entry = next(
        (
            acceptance
            for acceptance in acceptances
            if acceptance.expires >= today() and acceptance.covers(finding, stack)
        ),
        None,
    )
    if entry is None:
        return False
    return entry.level is None or (at_least(rule.level, MANDATORY) and not at_least(entry.level, MANDATORY))
