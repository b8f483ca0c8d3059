"""`mlplatform render`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from mlplatform.fast.record import record

if TYPE_CHECKING:
    from mlplatform.render.ci.files import Rendered, Settings
    from mlplatform.render.ci.pipeline import Pipeline


@click.group("render")
def command() -> None:
    """Write files for other tools from a spec.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/prod.py
      mlplatform render ci --system github stacks/dev.py stacks/prod.py --check
    """


@record(kw_only=True)
class Choices:
    """The options of `render ci` that decide the content of the files."""

    tool: str
    lock: str
    tests: tuple[str, ...]
    images: str
    models: str
    templates: Path | None


@command.command("ci", short_help="Pipelines of a CI system.")
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--system", required=True, help="github, gitlab, jenkins, circleci, travis, or one of --templates.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder. Omitted: the working directory.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is out of date.")
@click.option(
    "--tool",
    type=click.Choice(["package", "checkout"]),
    default="package",
    show_default=True,
    help="CI installs this version of mlplatform, or the checkout is mlplatform itself (`make setup`).",
)
@click.option("--lock", metavar="FILE", default="", help="Install this requirements file, hashes required, instead.")
@click.option("--test", "tests", multiple=True, metavar="COMMAND", help="Run this in the test job too; repeatable.")
@click.option("--images", metavar="FOLDER", default="", help="Build and promote the images of FOLDER/<repository>.")
@click.option("--models", metavar="FOLDER", default="", help="Run the tests of FOLDER/<model group>.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of your own systems, or of templates that replace those of a known system.",
)
@click.pass_context
def ci(
    ctx: click.Context,
    specs: tuple[str, ...],
    system: str,
    out: Path,
    check: bool,
    tool: str,
    lock: str,
    tests: tuple[str, ...],
    images: str,
    models: str,
    templates: Path | None,
) -> None:
    """Write a CI system's pipeline from one SPEC per environment, in the order of promotion.

    The pipeline runs tests, reviews every pull request, previews with each cloud's OIDC login, applies updates only
    as reviewed, and checks for drift. Run the command in the project's folder, with paths below it.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/staging.py stacks/prod.py
      mlplatform render ci --system gitlab stacks/dev.py stacks/prod.py --test 'make test' --images images
      mlplatform render ci --system jenkins stacks/prod.py --check
      mlplatform render ci --system mine stacks/prod.py --templates ci-templates
    """
    choices = Choices(tool=tool, lock=lock, tests=tests, images=images, models=models, templates=templates)
    files = _render(ctx, system, specs, choices, out)
    if check:
        ctx.exit(_compare(files, out))
    _write(files, out)


def _render(ctx: click.Context, system: str, specs: Sequence[str], choices: Choices, out: Path) -> tuple[Rendered, ...]:
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.ci.files import render_files
    from mlplatform.render.ci.pipeline import PipelineRefused, arrange_pipeline
    from mlplatform.render.templates import TemplateRefused

    loaded = [(load_spec(ctx, spec), spec) for spec in specs]
    try:
        environments = [(_inside(find_spec_file(spec), out), platform) for platform, spec in loaded]
        arranged = arrange_pipeline(system, environments)
        return render_files(system, arranged, _settings(system, arranged, choices, out), choices.templates)
    except (PipelineRefused, TemplateRefused) as error:
        raise click.ClickException(str(error)) from error
    except Unacceptable as error:
        raise click.ClickException("; ".join(map(str, error.problems))) from error


def _inside(path: Path, out: Path) -> PurePosixPath:
    if not str(path).isprintable():
        raise click.ClickException(f"{str(path)!r}: the name has a control character; rename the file")
    try:
        return PurePosixPath(path.resolve().relative_to(out.resolve()).as_posix())
    except ValueError:
        raise click.ClickException(
            f"{path}: got a file outside {out.resolve()}, expected one below the project's folder; "
            "run the command there, or name the folder with --out"
        ) from None


def _settings(system: str, arranged: Pipeline, choices: Choices, out: Path) -> Settings:
    from mlplatform.render.ci.files import Settings

    for command in choices.tests:
        if not command.strip() or "\n" in command or "\r" in command:
            raise click.ClickException(f"--test: got {command[:40]!r}, expected one line of shell")
    folders = {"--lock": choices.lock, "--images": choices.images, "--models": choices.models}
    for option, path in folders.items():
        # it is written into a script, and into lines that a person reads
        if (path and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./-]*", path)) or ".." in path:
            raise click.ClickException(
                f"{option}: got {path[:40]!r}, expected a path of letters, digits, '.', '_', '-', '/'"
            )
    extras = ",".join(arranged.clouds)
    return Settings(
        command=_command_line(system, arranged, choices, out),
        requirement="" if choices.tool == "checkout" else f"mlplatform[{extras}]=={version('mlplatform')}",
        lock=choices.lock,
        tests=choices.tests,
        images=choices.images,
        models=choices.models,
    )


def _command_line(system: str, arranged: Pipeline, choices: Choices, out: Path) -> str:
    words = ["mlplatform", "render", "ci", "--system", system, *arranged.specs]
    words += ["--tool", choices.tool] if choices.tool != "package" else []
    for option, value in (("--lock", choices.lock), ("--images", choices.images), ("--models", choices.models)):
        words += [option, value] if value else []
    for command in choices.tests:
        words += ["--test", command]
    if choices.templates:
        words += ["--templates", Path(os.path.relpath(choices.templates, out)).as_posix()]
    # it is written into a comment, which a line break would end
    return " ".join(shlex.join(words).split("\n"))


def _compare(files: Sequence[Rendered], out: Path) -> int:
    from mlplatform.render.ci.files import find_differing

    stale = find_differing(files, out)
    for path in stale:
        click.echo(f"{out / path}: out of date; render it again", err=True)
    if not stale:
        click.echo(f"up to date: {', '.join(str(out / file.path) for file in files)}")
    return 1 if stale else 0


def _write(files: Sequence[Rendered], out: Path) -> None:
    from mlplatform.cli.printing.output import write_file

    for file in files:
        path = out / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"{path.parent}: cannot be created: {error.strerror}") from error
        write_file(path, file.text)
        click.echo(f"{path}" + (f"    # check it with: {file.lint}" if file.lint else ""))
