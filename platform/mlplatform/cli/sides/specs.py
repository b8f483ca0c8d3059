"""Loads a command's spec and plans its targets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mlplatform import discovery
from mlplatform.cli.options import chosen_layer
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.plan.model import Plan
    from mlplatform.provenance import Provenance


def load_spec(
    ctx: click.Context,
    spec: str,
    targets: tuple[str, ...] = (),
    *,
    shown: Callable[[str], str] | None = None,
    images: bool = True,
) -> PlatformSpec:
    """A validated spec; where it is refused, every problem is printed and the command exits with 2.

    Args:
        ctx: of the command.
        spec: a file or a stack's name.
        targets: names of targets to validate it for; all where empty.
        shown: turns file names into those that messages show. Omitted: as they are.
        images: whether to read the digests of the layer's images too. Omitted: they are read.
    """
    loaded = load(spec, targets=targets or None, images=images)
    if loaded.spec is None:
        from dataclasses import replace

        from mlplatform.cli.printing.terminal import refuse

        problems = loaded.problems
        if shown:
            problems = [replace(problem, file=shown(problem.file) if problem.file else None) for problem in problems]
        refuse(ctx, problems)
    return loaded.spec


def provenance_of(platform: PlatformSpec, spec: str) -> Provenance:
    """The version of a spec that was read from the working directory.

    Args:
        platform: what was read.
        spec: the file or stack's name that it was read from.
    """
    from mlplatform.provenance import provenance
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.files_read import files_read

    file = find_spec_file(spec)
    return provenance(platform, file.resolve().parent, files_read(file, platform))


def choose_targets(spec: PlatformSpec, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the targets to work on: those of `--target`, or all of the spec.

    Raises:
        click.UsageError: the spec has no such target.
    """
    chosen: list[str] = []
    for name in targets:
        try:
            chosen.append(spec.target(name).name)
        except LookupError as error:
            known = ", ".join(target.name for target in spec.targets)
            raise click.UsageError(
                f"--target: got '{name[:40]}', expected one of the spec's targets: {known}"
            ) from error
    return tuple(dict.fromkeys(chosen)) or tuple(target.name for target in spec.targets)


def record_plan(spec: PlatformSpec, target: str, *, resolve: bool = False) -> Plan:
    """Plan one target, with progress on a terminal.

    Args:
        spec: a validated spec.
        target: name of one of its targets.
        resolve: realistic values instead of unknown ones.

    Raises:
        click.ClickException: the installation or a provider refuses it.
    """
    from mlplatform.cluster.charts.inside import NotRendered
    from mlplatform.components.names import layers_of, stack_name
    from mlplatform.plan.model import Plan, PlanNote
    from mlplatform.plan.record import PROJECT, PlanRefused, record

    layer = chosen_layer()
    if layer and layer not in layers_of(spec):
        bound = spec.target(target)
        note = PlanNote("cluster", "the spec has no layer inside its cluster")
        stack = stack_name(spec, target, layer)
        return Plan(bound.cloud, PROJECT, stack, (), notes=(note,), resolved=resolve, target=bound.name)
    from mlplatform.fast.sdk import quiet_gc_until_exit

    # between two plans, and after the last, hardly anything is garbage
    quiet_gc_until_exit()
    progress = _progress(target)
    try:
        with require_sdk(spec.target(target).cloud):
            return record(spec, target, layer=layer, resolve=resolve, progress=progress)
    except (PlanRefused, NotRendered) as error:
        raise click.ClickException(str(error)) from error
    finally:
        if progress:
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def require_sdk(cloud: str) -> Generator[None]:
    """Run a block that needs a cloud's SDK; name the package to install where it is missing.

    Raises:
        click.ClickException: it is missing.
    """
    from mlplatform.components.backend import MissingExtra

    try:
        yield
    except MissingExtra as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        backend = discovery.backend(cloud)
        if package not in backend.sdks:
            raise
        raise click.ClickException(
            f"{backend.title} needs {package}, which is not installed: pip install '{backend.extra}'"
        ) from error


def _progress(target: str) -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(count: int) -> None:
        if count % 10 == 1:
            click.echo(f"\rplanning {target}: {count} resources", nl=False, err=True)

    return show
