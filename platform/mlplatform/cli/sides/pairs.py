"""From two arguments to two sides: forms of git's ranges, one preview that is both, and which clouds are compared."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from mlplatform.cli.sides.find import Found, opened, side
from mlplatform.cli.sides.inputs import Pair, Side
from mlplatform.cli.sides.revisions import NotInRevision, commit_of, merge_base


def pair(ctx: click.Context, base: str, head: str | None, clouds: tuple[str, ...], *, resolve: bool) -> Pair:
    """As `mlplatform.cli.sides.inputs.read_pair`."""
    if ".." in base and not Path(base).exists() and not base.startswith((".", "/")):
        return _range(ctx, base, head, clouds, resolve=resolve)
    if head is None:
        return _alone(ctx, base, clouds, resolve=resolve)
    if base == head == "-":
        raise click.UsageError("BASE and HEAD are both '-'; standard input holds one document")
    with ExitStack() as open_files:
        other = open_files.enter_context(opened(head))
        try:
            one = open_files.enter_context(opened(base))
        except NotInRevision:
            if base.partition(":")[2] != head.rpartition(":")[2]:
                raise
            # the same stack, which is new on this side
            missing = Side(f"nothing ({base} is not there)", "nothing", {})
            return Pair(missing, side(ctx, other, clouds, resolve=resolve, strict=True))
        return _read(ctx, one, other, clouds, resolve=resolve)


def _range(ctx: click.Context, text: str, head: str | None, clouds: tuple[str, ...], *, resolve: bool) -> Pair:
    if head is None:
        raise click.UsageError(
            f"got '{text}' alone; expected a stack or spec file behind it, for example `{text} prod`"
        )
    left, dots, right = text.partition("...")
    if not dots:
        left, dots, right = text.partition("..")
    left, right = left or "HEAD", right or "HEAD"
    if dots == "...":
        left = merge_base(left, right)
    for revision in (left, right):
        commit_of(revision)
    with ExitStack() as open_files:
        one, other = (_opened(open_files, revision, head) for revision in (left, right))
        if one is None and other is None:
            raise click.ClickException(f"neither {left} nor {right} has {head}; name a stack or file that one has")
        if one is None or other is None:
            there = one or other
            assert there is not None
            read = side(ctx, there, clouds, resolve=resolve, strict=True)
            missing = Side(f"nothing ({left if one is None else right} has no {head})", "nothing", {})
            return Pair(missing, read) if one is None else Pair(read, missing)
        return _read(ctx, one, other, clouds, resolve=resolve)


def _opened(open_files: ExitStack, revision: str, name: str) -> Found | None:
    """None where the revision, which there is, does not have it."""
    try:
        return open_files.enter_context(opened(f"{revision}:{name}"))
    except NotInRevision:
        return None


def _alone(ctx: click.Context, base: str, clouds: tuple[str, ...], *, resolve: bool) -> Pair:
    """One preview, against what it says is there."""
    with opened(base) as found:
        if found.document is None:
            raise click.UsageError(
                f"HEAD is missing: {base} is a spec; compare it with a revision (`HEAD:{base} {base}`), another spec, "
                "or a plan, preview or state file"
            )
        read = side(ctx, found, clouds, resolve=resolve, strict=True)
    if read.kind == "state":
        raise click.UsageError(f"HEAD is missing: {base} is a state; compare it with a spec or a preview")
    return Pair(Side("what is there", "state", read.before), read, read.verdicts)


def _read(ctx: click.Context, one: Found, other: Found, clouds: tuple[str, ...], *, resolve: bool) -> Pair:
    """Documents are of one cloud: it is the one that is planned of a spec on the other side."""
    sides: dict[bool, Side] = {}
    for is_base, found in sorted(((True, one), (False, other)), key=lambda item: item[1].document is None):
        sides[is_base] = side(ctx, found, clouds, resolve=resolve, strict=False)
        if found.document is not None:
            clouds = clouds or tuple(sides[is_base].plans)
    base, head = sides[True], sides[False]
    for read in (base, head):
        _complete(read)
    if not base.plans and not head.plans:
        raise click.UsageError(f"{base.label} and {head.label} have no target {', '.join(clouds)}")
    documents = [read for read in (base, head) if read.kind != "spec"]
    if documents and set(base.plans).isdisjoint(head.plans):
        of = " and ".join(f"{read.label} is of {', '.join(read.plans) or 'none of them'}" for read in (base, head))
        raise click.UsageError(f"{of}: there is nothing to compare")
    return Pair(base, head)


def _complete(read: Side) -> None:
    if read.unlisted:
        raise click.UsageError(
            f"{read.label} leaves out {read.unlisted} resources that stay the same; "
            "make it with `pulumi preview --json --show-sames`, or give it alone"
        )
