"""`mlplatform migrate`: rewrites a spec of an earlier version, or prints the patch for a Python spec."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlplatform.cli.printing.output import write_file

if TYPE_CHECKING:
    from mlplatform.reading.migrate.text import Edit


@click.command("migrate")
@click.argument("spec")
@click.option("--check", is_flag=True, help="Only report the changes; exit with 1 where there are some.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file; for a Python spec, the patch. Omitted: YAML and JSON are rewritten in place.",
)
@click.pass_context
def command(ctx: click.Context, spec: str, check: bool, output: Path | None) -> None:
    """Rewrite SPEC for the current version: renamed fields, and `spec_version`.

    YAML and JSON are rewritten; comments, order and quotes stay as they are. A Python spec is a program and stays
    untouched: its changes, and those of the modules it imports, are printed as a patch.
    Resources stay the same: their names do not depend on names of fields. Exits with 0, with 1 where `--check` finds
    something to change, with 2 where the spec is refused.

    \b
    Examples:
      mlplatform migrate platform.yaml
      mlplatform migrate platform.yaml --check
      mlplatform migrate stacks/prod.py | git apply
    """
    ctx.exit(_migrate(ctx, spec, check=check, output=output))


def _migrate(ctx: click.Context, spec: str, *, check: bool, output: Path | None) -> int:
    """Migrate a spec and give the exit code; messages go to standard error, documents to standard output."""
    import yaml

    from mlplatform.reading.file import SUFFIXES, find_spec_file, read_text
    from mlplatform.reading.migrate.text import apply_edits, migration_edits
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem
    from mlplatform.spec.versions import CURRENT

    try:
        file = find_spec_file(spec)
        if file.suffix.lower() not in SUFFIXES:
            raise Unacceptable(Problem("", f"'{file.suffix[:20]}'", f"one of {', '.join(SUFFIXES)}", "name a spec"))
        text = read_text(file)
        if file.suffix.lower() == ".py":
            return _migrate_python(file, check=check, output=output)
        changes = migration_edits(text)
    except Unacceptable as refused:
        from dataclasses import replace

        from mlplatform.cli.printing.terminal import refuse

        refuse(ctx, [problem if problem.file else replace(problem, file=spec) for problem in refused.problems])
    except yaml.YAMLError:
        # `validate` reports syntax errors best, with all other problems
        raise click.ClickException(f"{spec}: cannot be read; run: mlplatform validate {spec}") from None
    for change in changes:
        click.echo(f"{file}:{change.line}: {change.description}", err=True)
    if not changes:
        return _report_current(file)
    if check:
        return 1
    written = output or file
    write_file(written, apply_edits(text, changes))
    click.echo(f"{written}: now of version {CURRENT}; check it: `mlplatform validate {written}`", err=True)
    return 0


def _migrate_python(file: Path, *, check: bool, output: Path | None) -> int:
    from mlplatform.reading.file import read_text
    from mlplatform.reading.load import load
    from mlplatform.reading.migrate import python

    changes: dict[Path, list[Edit]] = {}
    by_hand = False
    for problem in python.outdated(load(file).problems):
        module = Path(problem.file or file)
        edits = python.edits(problem, read_text(module)) if problem.line else ()
        changes.setdefault(module, []).extend(edits)
        by_hand |= not edits
        text = (
            edits[0].description if edits else f"{problem.expected}; {problem.fix}; it is not written as a keyword here"
        )
        click.echo(f"{module}:{problem.line or '?'}: {text}", err=True)
    if not changes:
        return _report_current(file)
    if check:
        return 1
    patches: list[str] = []
    for module, edits in changes.items():
        unique = tuple(sorted(set(edits), key=lambda edit: edit.start))
        patches.append(python.patch(_relative(module), read_text(module), unique))
    if output:
        write_file(output, "".join(patches))
    else:
        click.echo("".join(patches), nl=False)
    if by_hand:
        click.echo("some changes are not in the patch: make them by hand", err=True)
    return 0


def _relative(file: Path) -> Path:
    """The file's path below the working directory, where it is below: patches are applied from there."""
    try:
        return file.resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return file


def _report_current(file: Path) -> int:
    from mlplatform.spec.versions import CURRENT

    click.echo(f"{file}: already of version {CURRENT}, nothing to change", err=True)
    return 0
