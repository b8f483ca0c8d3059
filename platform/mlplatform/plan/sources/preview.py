"""Reads `pulumi preview --json`, which `mlplatform plan --format json` writes too.

https://github.com/pulumi/pulumi/blob/master/pkg/display/json.go
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlplatform.plan.model import Plan, Step
from mlplatform.plan.sources.assemble import cloud_of, plan_from_steps, target_of_stack
from mlplatform.plan.sources.fields import items, mapping, text, texts, whole_number
from mlplatform.plan.sources.source import NotAPlan, Source, Verdict
from mlplatform.plan.sources.step import StepReader

REPLACEMENTS = frozenset({"replace", "create-replacement", "delete-replaced", "read-replacement", "import-replacement"})
"""The engine's operations of a replacement."""
_NEW = frozenset({"create", "import"})
_GONE = frozenset({"remove-pending-replace"})
"""Operations on resources that the state keeps only until they are recreated."""


def read_preview(document: Mapping[str, object], reader: StepReader) -> Source:
    """Read a preview.

    Raises:
        NotAPlan: a step has no URN.
    """
    steps = [mapping(item) for item in items(document.get("steps"))]
    by_engine = any(key in document for key in ("config", "diagnostics", "duration", "maybeCorrupt"))
    return _source(steps, mapping(document.get("changeSummary")), reader, by_engine=by_engine)


def preview_from_steps(
    steps: Iterable[Mapping[str, object]], summary: Mapping[str, object], reader: StepReader
) -> Source:
    """As `read_preview`, from streamed steps."""
    return _source(list(steps), summary, reader, by_engine=True)


def _source(
    steps: list[Mapping[str, object]], summary: Mapping[str, object], reader: StepReader, *, by_engine: bool
) -> Source:
    before: dict[str, Step] = {}
    after: dict[str, Step] = {}
    verdicts: dict[str, Verdict] = {}
    sames = 0
    for index, step in enumerate(steps):
        for name in ("oldState", "newState"):
            if step.get(name) is not None and not isinstance(step.get(name), dict):
                got = f"{type(step[name]).__name__} as {name} of step {index}"
                raise NotAPlan(got, "an object", "export it again")
        op, urn = text(step.get("op")), text(step.get("urn"))
        old, new = mapping(step.get("oldState")), mapping(step.get("newState"))
        if new:
            resource = reader.step({"urn": urn, **new}, f"step {index}")
            former = text(old.get("urn"))
            # events do not list aliases; different URNs show that one was used
            moved = (former,) if former not in ("", resource.urn, *resource.aliases) else ()
            after[urn] = replace(resource, aliases=(*resource.aliases, *moved)) if moved else resource
        elif old and op in ("delete", "discard"):
            after.pop(urn, None)
        # the engine marks replaced resources as deleted; other marked ones are left from a former run
        left_behind = old.get("delete") is True and op not in REPLACEMENTS
        if old and op not in _NEW | _GONE and not left_behind:
            before[urn] = reader.step({"urn": urn, **old}, f"step {index}")
        elif op in _NEW:
            before.pop(urn, None)
        if not old and not new:
            # a component of an old engine, or a step of a newer one: only its name is known
            after[urn] = reader.step({"urn": urn}, f"step {index}")
        sames += op == "same"
        verdicts[urn] = _verdict(step, op, verdicts.get(urn))
    by_engine = by_engine or bool(before)
    now = plan_from_steps(after.values(), "preview" if by_engine else "program")
    if not by_engine:
        return Source("plan", now)
    past = plan_from_steps(before.values(), "preview")
    cloud = cloud_of([*after.values(), *before.values()])
    return Source(
        "preview",
        _named(now, past, cloud),
        _named(past, now, cloud),
        verdicts,
        max(whole_number(summary.get("same")) - sames, 0),
    )


def _verdict(step: Mapping[str, object], op: str, former: Verdict | None) -> Verdict:
    """One verdict for all steps of a resource: a replacement has three, a refresh comes before its update."""
    verdict = Verdict(
        op="replace" if op in REPLACEMENTS else op,
        replace_reasons=texts(step.get("replaceReasons")),
        diff_reasons=texts(step.get("diffReasons")),
        detailed={
            path: text(kind.get("kind")) or text(kind.get("diffKind"))
            for path, value in mapping(step.get("detailedDiff")).items()
            if (kind := mapping(value))
        },
    )
    if former is None or former.op != "replace":
        return verdict
    return verdict if verdict.op == "replace" and (verdict.detailed or verdict.replace_reasons) else former


def _named(plan: Plan, other: Plan, cloud: str) -> Plan:
    """The plan, with the stack, project and target of the other where its own are empty."""
    stack = plan.stack or other.stack
    target = target_of_stack(cloud, stack, plan.outputs or other.outputs)
    return replace(plan, cloud=cloud, project=plan.project or other.project, stack=stack, target=target)
