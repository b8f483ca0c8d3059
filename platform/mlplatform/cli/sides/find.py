"""Finds what an argument names and makes a side of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from mlplatform.cli.sides.inputs import Side
from mlplatform.cli.sides.revisions import NotInRevision, located, tree
from mlplatform.cli.sides.specs import load_spec, record_plan
from mlplatform.plan.sources import NotAPlan, read
from mlplatform.plan.sources.read import looks_like_one
from mlplatform.reading.file import find_spec_file
from mlplatform.reading.partial import Unacceptable


@dataclass(frozen=True, slots=True)
class Found:
    """What an argument names, before it is read."""

    label: str
    """For people."""

    document: bytes | None = None
    """A plan document; None where it is a spec."""

    spec: str = ""
    """A spec file, or the name of a stack."""

    revision: str = ""
    """Full commit; empty for files as they lie."""

    shown: Callable[[str], str] | None = None
    """Gives the names of files as messages should have them."""


@contextmanager
def opened(argument: str) -> Generator[Found]:
    """Find what an argument names; files of a revision lie on the disk as long as this is open.

    Raises:
        click.ClickException: there is no such thing.
    """
    if argument == "-":
        yield Found("standard input", sys.stdin.buffer.read())
        return
    file = Path(argument)
    revision, colon, path = argument.partition(":")
    if file.exists() or not colon:
        yield Found(argument, _document(file), argument)
        return
    if not path:
        raise click.UsageError(f"got '{argument}', expected REVISION:STACK or REVISION:FILE")
    is_stack = "/" not in path and not Path(path).suffix
    with tree(revision, "" if is_stack else path) as was:
        place = (
            _stack(path, was.folder, revision)
            if is_stack
            else was.folder / located(was.commit, path).relative_to(was.inside)
        )
        label = f"{path} at {revision} ({was.commit[:7]})"
        if revision == was.commit:
            label = f"{path} at {was.commit[:7]}"

        def shown(name: str) -> str:
            inside = Path(name)
            return f"{revision}:{inside.relative_to(was.folder)}" if inside.is_relative_to(was.folder) else name

        yield Found(label, _document(place), str(place), was.commit, shown)


def side(ctx: click.Context, found: Found, clouds: tuple[str, ...], *, resolve: bool, strict: bool) -> Side:
    """Read it.

    Args:
        ctx: of the command.
        found: what to read.
        clouds: targets to plan; all where empty.
        resolve: realistic values instead of unknown ones, where it is a spec.
        strict: refuse a cloud that is no target of the spec. Otherwise it is left out.

    Raises:
        click.ClickException: it cannot be read, or is refused.
    """
    if found.document is not None:
        return _of_document(found.label, found.document, clouds)
    spec = load_spec(ctx, found.spec, clouds, shown=found.shown)
    known = tuple(target.cloud for target in spec.targets)
    for cloud in clouds if strict else ():
        if cloud not in known:
            raise click.UsageError(
                f"--cloud: got '{cloud[:40]}', expected one of the spec's targets: {', '.join(known)}"
            )
    chosen = [cloud for cloud in known if not clouds or cloud in clouds]
    plans = {cloud: record_plan(spec, cloud, resolve=resolve) for cloud in chosen}
    return Side(found.label, "spec", plans, spec=spec, revision=found.revision)


def _of_document(label: str, raw: bytes, clouds: tuple[str, ...]) -> Side:
    from mlplatform.fast.sdk import quiet_gc

    try:
        with quiet_gc():
            source = read(raw)
    except NotAPlan as error:
        raise click.ClickException(f"{label}: {error}") from error
    cloud = source.plan.cloud
    if clouds and cloud not in clouds:
        raise click.UsageError(f"--cloud: got {', '.join(clouds)}, and {label} is of {cloud or 'no known cloud'}")
    before = {cloud: source.before} if source.before else {}
    return Side(label, source.kind, {cloud: source.plan}, before, source.verdicts, unlisted=source.unlisted)


def _document(file: Path) -> bytes | None:
    """A file's bytes where it is a plan document."""
    if not file.is_file() or file.suffix.lower() in (".py", ".yaml", ".yml"):
        return None
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read: {error.strerror or type(error).__name__}") from error
    return raw if file.suffix.lower() != ".json" or looks_like_one(raw) else None


def _stack(name: str, folder: Path, revision: str) -> Path:
    try:
        return find_spec_file(name, folder)
    except Unacceptable as refused:
        problem = refused.problems[0]
        got = problem.got if "several" in problem.got else "no such stack"
        raise NotInRevision(f"{name} at {revision}: {got} in its stacks folder; name a stack or file it has") from None
