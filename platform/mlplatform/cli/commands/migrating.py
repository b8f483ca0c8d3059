"""From a spec of an earlier version to one of the present, or to the patch that makes it one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import yaml

from mlplatform.cli.printing.output import write
from mlplatform.cli.printing.terminal import terminal
from mlplatform.reading.file import SUFFIXES, find_spec_file, read_text
from mlplatform.reading.migrate.text import Edit, apply_edits, migration_edits
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.problem import Problem
from mlplatform.spec.versions import CURRENT


def migrate(ctx: click.Context, spec: str, *, check: bool, output: Path | None) -> int:
    """Migrate a spec; everything that is said of it goes to standard error, documents to standard output.

    Args:
        ctx: of the command.
        spec: a file or a stack's name.
        check: change nothing.
        output: where to write. Omitted: the file itself, or standard output for a patch.

    Returns:
        The exit code.
    """
    try:
        file = find_spec_file(spec)
        if file.suffix.lower() not in SUFFIXES:
            raise Unacceptable(Problem("", f"'{file.suffix[:20]}'", f"one of {', '.join(SUFFIXES)}", "name a spec"))
        text = read_text(file)
        if file.suffix.lower() == ".py":
            return _python(file, check=check, output=output)
        changes = migration_edits(text)
    except Unacceptable as refused:
        _refuse(ctx, spec, refused.problems)
    except yaml.YAMLError:
        # what is wrong with it is said best where all problems are
        raise click.ClickException(f"{spec}: cannot be read; look with: mlplatform validate {spec}") from None
    for change in changes:
        click.echo(f"{file}:{change.line}: {change.description}", err=True)
    if not changes:
        return _present(file)
    if check:
        return 1
    write(output or file, apply_edits(text, changes))
    click.echo(f"{output or file}: of version {CURRENT} now; check it: mlplatform validate {output or file}", err=True)
    return 0


def _python(file: Path, *, check: bool, output: Path | None) -> int:
    from mlplatform.reading.load import load
    from mlplatform.reading.migrate import python

    found: dict[Path, list[Edit]] = {}
    by_hand = False
    for problem in python.outdated(load(file).problems):
        place = Path(problem.file or file)
        change = python.edits(problem, read_text(place)) if problem.line else ()
        found.setdefault(place, []).extend(change)
        by_hand |= not change
        said = (
            change[0].description
            if change
            else f"{problem.expected}; {problem.fix}; it is not written as a keyword here"
        )
        click.echo(f"{place}:{problem.line or '?'}: {said}", err=True)
    if not found:
        return _present(file)
    if check:
        return 1
    patches: list[str] = []
    for place, changes in found.items():
        unique = tuple(sorted(set(changes), key=lambda edit: edit.start))
        patches.append(python.patch(_shown(place), read_text(place), unique))
    if output:
        write(output, "".join(patches))
    else:
        click.echo("".join(patches), nl=False)
    if by_hand:
        click.echo("some places are yours to change: they are not in the patch", err=True)
    return 0


def _shown(file: Path) -> Path:
    """The file below the working directory, where it lies there: patches are applied from there."""
    try:
        return file.resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return file


def _present(file: Path) -> int:
    click.echo(f"{file}: of version {CURRENT} already, nothing to change", err=True)
    return 0


def _refuse(ctx: click.Context, spec: str, problems: tuple[Problem, ...]) -> NoReturn:
    from dataclasses import replace

    from mlplatform.views.spec.problems import text

    style = terminal(ctx, sys.stderr)
    told = tuple(problem if problem.file else replace(problem, file=spec) for problem in problems)
    click.echo(text(told, style), err=True, color=style.color)
    ctx.exit(2)
