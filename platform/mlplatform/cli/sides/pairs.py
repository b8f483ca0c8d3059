"""From two arguments to two sides: git's ranges, a preview that is both sides, and the targets to compare."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.catalog.today import reading_history
from mlplatform.cli.sides.argument import SourceFile, UnplannedSpec, load_source, open_source, read_source
from mlplatform.cli.sides.model import Pair, Side
from mlplatform.cli.sides.revisions import NotInRevision, commit_of, merge_base
from mlplatform.plan.inside import without_charts
from mlplatform.plan.layers import layers_in, only_layers

if TYPE_CHECKING:
    from mlplatform.plan.model import Plan


def read_pair(ctx: click.Context, base: str, head: str | None = None, targets: tuple[str, ...] = ()) -> Pair:
    """Read the two sides that two arguments name.

    Every command that compares reads its sides here and compares the same plans, so that no two of them disagree.
    Specs are planned with realistic values: policies that name other resources are unknown as a whole otherwise.
    Specs on both sides without a record of releases are planned as if the models that they name were released.

    Args:
        ctx: as in `mlplatform.cli.sides.argument.read_side`.
        base: the platform as it is, as `read_side` takes it; or two revisions (`main..HEAD`, `main...HEAD` for their
            merge base) with a spec or stack as `head`. A revision that lacks it counts as empty.
        head: the platform as it would become. Omitted: `base` is a preview, which has both sides.
        targets: as in `read_side`.

    Raises:
        click.ClickException: as in `read_side`, or the two have no target in common.
    """
    if ".." in base and not Path(base).exists() and not base.startswith((".", "/")):
        return _read_range(ctx, base, head, targets)
    if head is None:
        return _read_preview(ctx, base, targets)
    if base == head == "-":
        raise click.UsageError("BASE and HEAD are both '-'; standard input holds one document")
    with ExitStack() as open_files:
        after = open_files.enter_context(open_source(head))
        try:
            before = open_files.enter_context(open_source(base))
        except NotInRevision:
            if base.partition(":")[2] != head.rpartition(":")[2]:
                raise
            # the same stack, which is new on this side
            revision = commit_of(base.partition(":")[0])
            missing = Side(f"nothing ({base} does not exist)", "nothing", {}, revision=revision)
            return Pair(missing, read_source(ctx, after, targets, resolve=True))
        return _read_both(ctx, before, after, targets)


def _read_range(ctx: click.Context, text: str, head: str | None, targets: tuple[str, ...]) -> Pair:
    if head is None:
        raise click.UsageError(f"got '{text}' alone; expected a stack or spec file after it, for example `{text} prod`")
    left, dots, right = text.partition("...")
    if not dots:
        left, dots, right = text.partition("..")
    left, right = left or "HEAD", right or "HEAD"
    if dots == "...":
        left = merge_base(left, right)
    for revision in (left, right):
        commit_of(revision)
    with ExitStack() as open_files:
        before, after = (_open_in(open_files, revision, head) for revision in (left, right))
        if before is None and after is None:
            raise click.ClickException(f"neither {left} nor {right} has {head}; name a stack or file that one has")
        if before is None or after is None:
            present = before or after
            assert present is not None
            side = read_source(ctx, present, targets, resolve=True)
            lacks = left if before is None else right
            missing = Side(f"nothing ({lacks} has no {head})", "nothing", {}, revision=commit_of(lacks))
            return Pair(missing, side) if before is None else Pair(side, missing)
        return _read_both(ctx, before, after, targets)


def _open_in(open_files: ExitStack, revision: str, name: str) -> SourceFile | None:
    """The source in a revision; None where the revision does not have it."""
    try:
        return open_files.enter_context(open_source(f"{revision}:{name}"))
    except NotInRevision:
        return None


def _read_preview(ctx: click.Context, base: str, targets: tuple[str, ...]) -> Pair:
    """One preview, compared with the deployed resources that it lists."""
    with open_source(base) as source:
        if source.document is None:
            raise click.UsageError(
                f"HEAD is missing: {base} is a spec; compare it with a revision (`HEAD:{base} {base}`), another spec, "
                "or a plan, preview or state file"
            )
        side = read_source(ctx, source, targets, resolve=True)
    if side.kind == "state":
        raise click.UsageError(f"HEAD is missing: {base} is a state; compare it with a spec or a preview")
    return split_preview(side)


def split_preview(preview: Side) -> Pair:
    """The two sides of one preview: the deployed resources and the planned ones."""
    return Pair(Side("the deployed state", "state", preview.before), preview, preview.verdicts)


def _read_both(ctx: click.Context, before: SourceFile, after: SourceFile, targets: tuple[str, ...]) -> Pair:
    """Two sides; a document is of one target, and a spec on the other side is planned for that target alone."""
    loaded: dict[bool, Side | UnplannedSpec] = {}
    for is_base, source in sorted(((True, before), (False, after)), key=lambda item: item[1].document is None):
        with _as_of(is_base):
            side = loaded[is_base] = load_source(ctx, source, targets, strict=False)
        if isinstance(side, Side):
            # a stack whose name does not tell its target is known by its cloud
            targets = targets or tuple(name for plan in side.plans.values() for name in _names(plan))
    # without a record every endpoint waits on both sides, and a change of what it is to serve would show nothing
    released = not any(side.spec is None or side.spec.record for side in loaded.values())
    sides: dict[bool, Side] = {}
    for is_base in (True, False):
        side = loaded[is_base]
        with _as_of(is_base):
            sides[is_base] = side if isinstance(side, Side) else side.planned(resolve=True, released=released)
    base, head = _in_same_layers(*_matched(sides[True], sides[False]))
    for side in (base, head):
        _refuse_incomplete(side)
    if not base.plans and not head.plans:
        raise click.UsageError(f"{base.label} and {head.label} have no target {', '.join(targets)}")
    documents = [side for side in (base, head) if side.kind != "spec"]
    if documents and set(base.plans).isdisjoint(head.plans):
        of = " and ".join(f"{side.label} is of {', '.join(side.plans) or 'no target'}" for side in (base, head))
        raise click.UsageError(f"{of}: they have no target in common")
    return Pair(base, head)


def _as_of(is_base: bool) -> AbstractContextManager[None]:
    """What a platform was is no error today: an upgrade leaves versions that are no longer sold."""
    return reading_history() if is_base else nullcontext()


def _names(plan: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys((plan.target, plan.cloud)))


def _matched(base: Side, head: Side) -> tuple[Side, Side]:
    """The sides; a document's plan takes the name of the other side's only target on the same cloud."""
    if base.kind != "spec":
        base = replace(base, plans=_renamed(base.plans, head.plans))
    if head.kind != "spec":
        head = replace(head, plans=_renamed(head.plans, base.plans))
    return base, head


def _in_same_layers(base: Side, head: Side) -> tuple[Side, Side]:
    """The sides; a document is of one stack, and what a spec has in another is not compared with it."""
    if base.kind != "spec":
        head = replace(head, plans=_narrowed(head.plans, base.plans))
    if head.kind != "spec":
        base = replace(base, plans=_narrowed(base.plans, head.plans))
    return base, head


def _narrowed(plans: Mapping[str, Plan], others: Mapping[str, Plan]) -> dict[str, Plan]:
    return {
        name: without_charts(only_layers(plan, layers_in(others[name]))) if name in others else plan
        for name, plan in plans.items()
    }


def _renamed(plans: Mapping[str, Plan], others: Mapping[str, Plan]) -> dict[str, Plan]:
    renamed: dict[str, Plan] = {}
    for name, plan in plans.items():
        same = [other for other, theirs in others.items() if theirs.cloud == plan.cloud]
        new = same[0] if name not in others and len(same) == 1 and same[0] not in plans else name
        renamed[new] = plan if new == name else replace(plan, target=new)
    return renamed


def _refuse_incomplete(side: Side) -> None:
    if side.unlisted:
        raise click.UsageError(
            f"{side.label} leaves out {side.unlisted} resources that stay the same; "
            "write it with `pulumi preview --json --show-sames`, or give it alone"
        )
