"""Finds the file, stack or revision that an argument names, and reads its plans."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from mlplatform.cli.sides.model import Side
from mlplatform.cli.sides.revisions import NotInRevision, checked_out, path_in_repository
from mlplatform.cli.sides.specs import choose_targets, load_spec, record_plan
from mlplatform.plan.sources import NotAPlan, read_plan
from mlplatform.plan.sources.read import MAX_BYTES, looks_like_plan
from mlplatform.reading.file import find_spec_file
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.platform import PlatformSpec


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The spec or plan document that an argument names, before it is read."""

    label: str
    """For people."""

    document: bytes | None = None
    """A plan document; None where it is a spec."""

    spec: str = ""
    """A spec file, or the name of a stack."""

    revision: str = ""
    """Full commit; empty for files of the working directory."""

    shown: Callable[[str], str] | None = None
    """Turns file names into those that messages show."""


def read_side(ctx: click.Context, argument: str, targets: tuple[str, ...] = (), *, resolve: bool = False) -> Side:
    """Read the plans that one argument names.

    Args:
        ctx: of the command; a refused spec ends it with 2 after printing every problem.
        argument: a spec file, a stack's name, a plan, preview or state file, `-` for one of these three on standard
            input, or `REVISION:` before a spec file, plan file or stack.
        targets: names of targets to plan; every target of a spec where empty.
        resolve: realistic values instead of unknown ones, where the argument is a spec.

    Raises:
        click.ClickException: it does not exist, it cannot be read, or a provider refuses the spec.
    """
    with open_source(argument) as source:
        return read_source(ctx, source, targets, resolve=resolve)


@contextmanager
def open_source(argument: str) -> Generator[SourceFile]:
    """Find the source that an argument names; files of a revision are on the disk as long as this is open.

    Raises:
        click.ClickException: it does not exist.
    """
    if argument == "-":
        # one byte more than the limit is enough to refuse it
        yield SourceFile("standard input", sys.stdin.buffer.read(MAX_BYTES + 1))
        return
    file = Path(argument)
    revision, colon, path = argument.partition(":")
    if file.exists() or not colon:
        yield SourceFile(argument, _document(file), argument)
        return
    if not path:
        raise click.UsageError(f"got '{argument}', expected REVISION:STACK or REVISION:FILE")
    is_stack = "/" not in path and not Path(path).suffix
    with checked_out(revision, "" if is_stack else path) as tree:
        spec = (
            _stack(path, tree.folder, revision)
            if is_stack
            else tree.folder / path_in_repository(tree.commit, path).relative_to(tree.inside)
        )
        label = f"{path} at {revision} ({tree.commit[:7]})"
        if revision == tree.commit:
            label = f"{path} at {tree.commit[:7]}"

        def shown(name: str) -> str:
            inside = Path(name)
            return f"{revision}:{inside.relative_to(tree.folder)}" if inside.is_relative_to(tree.folder) else name

        yield SourceFile(label, _document(spec), str(spec), tree.commit, shown)


@dataclass(frozen=True, slots=True)
class UnplannedSpec:
    """A spec that an argument names, before anything of it is planned."""

    label: str
    """For people."""

    spec: PlatformSpec
    """The validated spec."""

    targets: tuple[str, ...]
    """Names of the targets to plan."""

    revision: str = ""
    """Full commit it was read from; empty for files of the working directory."""

    def planned(self, *, resolve: bool, released: bool = False) -> Side:
        """The side with the plans of its targets.

        Args:
            resolve: realistic values instead of unknown ones.
            released: plan as if the models that it names were released, and say so where any waits.

        Raises:
            click.ClickException: the installation or a provider refuses it.
        """
        from mlplatform.components.imagined_releases import as_released

        spec, label = self.spec, self.label
        if released and spec.endpoints:
            served = as_released(spec, self.targets)
            if served.record and served.record.targets:
                spec, label = served, f"{label}, as if released"
        plans = {name: record_plan(spec, name, resolve=resolve) for name in self.targets}
        return Side(label, "spec", plans, spec=self.spec, revision=self.revision)


def load_source(
    ctx: click.Context, source: SourceFile, targets: tuple[str, ...], *, strict: bool
) -> Side | UnplannedSpec:
    """The side of a plan document, or a spec to plan.

    Args:
        ctx: of the command.
        source: the source.
        targets: names of targets to plan; all where empty.
        strict: refuse a name that is no target of the spec. Otherwise it is left out.

    Raises:
        click.ClickException: it cannot be read, or is refused.
    """
    if source.document is not None:
        return replace(_read_document(source.label, source.document, targets), revision=source.revision)
    spec, wanted = load_spec(ctx, source.spec, targets, shown=source.shown), bool(targets)
    if not strict:
        targets = tuple(name for name in targets if _has_target(spec, name))
    chosen = () if wanted and not targets else choose_targets(spec, targets)
    return UnplannedSpec(source.label, spec, chosen, source.revision)


def read_source(ctx: click.Context, source: SourceFile, targets: tuple[str, ...], *, resolve: bool) -> Side:
    """Read and plan a source; each name of `targets` must be a target of it.

    Raises:
        click.ClickException: it cannot be read, or is refused.
    """
    loaded = load_source(ctx, source, targets, strict=True)
    return loaded.planned(resolve=resolve) if isinstance(loaded, UnplannedSpec) else loaded


def _read_document(label: str, raw: bytes, targets: tuple[str, ...]) -> Side:
    from mlplatform.fast.sdk import quiet_gc

    try:
        with quiet_gc():
            document = read_plan(raw)
    except NotAPlan as error:
        raise click.ClickException(f"{label}: {error}") from error
    name = document.plan.target
    if targets and not {name, document.plan.cloud} & set(targets):
        raise click.UsageError(f"--target: got {', '.join(targets)}, but {label} is of {name or 'no known cloud'}")
    before = {name: document.before} if document.before else {}
    return Side(label, document.kind, {name: document.plan}, before, document.verdicts, unlisted=document.unlisted)


def _has_target(spec: PlatformSpec, name: str) -> bool:
    try:
        spec.target(name)
    except LookupError:
        return False
    return True


def _document(file: Path) -> bytes | None:
    """A file's bytes where it is a plan document."""
    if not file.is_file() or file.suffix.lower() in (".py", ".yaml", ".yml"):
        return None
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read: {error.strerror or type(error).__name__}") from error
    return raw if file.suffix.lower() != ".json" or looks_like_plan(raw) else None


def _stack(name: str, folder: Path, revision: str) -> Path:
    try:
        return find_spec_file(name, folder)
    except Unacceptable as refused:
        problem = refused.problems[0]
        got = problem.got if "several" in problem.got else "no such stack"
        raise NotInRevision(
            f"{name} at {revision}: {got} in its stacks folder; name a stack or file of that revision"
        ) from None
