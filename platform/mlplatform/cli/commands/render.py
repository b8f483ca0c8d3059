"""`mlplatform render`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from mlplatform.cli.commands.render_dashboards import dashboards
from mlplatform.cli.commands.render_dvc import dvc
from mlplatform.cli.commands.render_features import features
from mlplatform.cli.commands.render_images import command as images
from mlplatform.cli.commands.render_job import job
from mlplatform.cli.commands.render_manifests import command as manifests
from mlplatform.cli.commands.render_pipeline import command as pipeline
from mlplatform.cli.commands.render_programs import programs
from mlplatform.cli.commands.render_rules import rules
from mlplatform.cli.commands.render_tracking import tracking
from mlplatform.fast.record import record

if TYPE_CHECKING:
    from mlplatform.render.ci.files import Rendered, Settings
    from mlplatform.render.ci.pipeline import CiPipeline
    from mlplatform.render.ci.place import ProjectPlace


@click.group("render")
def command() -> None:
    """Write files for other tools from a spec.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/prod.py --lock ci.txt
      mlplatform render ci --system github stacks/dev.py stacks/prod.py --lock ci.txt --check
      mlplatform render manifests prod --target aws --out clusters/prod-aws
      mlplatform render images prod --target aws --format script
      mlplatform render job llm prod --target aws --pool pretrain --nodes 4 --image IMAGE -- torchrun train.py
      mlplatform render dashboards prod --target aws --out dashboards
      mlplatform render dvc prod --target aws -o .dvc/config
      mlplatform render features prod --target aws --out features
      mlplatform render programs --wheel wheels/mlplatform-0.1.0-py3-none-any.whl --out images/training
      mlplatform render rules prod --target aws -o rules.yaml
      mlplatform render tracking prod
    """


command.add_command(manifests)
command.add_command(job)
command.add_command(images)
command.add_command(pipeline)
command.add_command(dashboards)
command.add_command(dvc)
command.add_command(features)
command.add_command(programs)
command.add_command(rules)
command.add_command(tracking)


@record(kw_only=True)
class Choices:
    """The options of `render ci` that decide the content of the files."""

    tool: str
    lock: str
    tests: tuple[str, ...]
    images: str
    models: str
    templates: Path | None
    root: Path | None
    watch: tuple[str, ...]


@command.command("ci", short_help="Pipelines of a CI system.")
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--system", required=True, help="github, gitlab, jenkins, circleci, travis, or one of --templates.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder. Omitted: the working directory.",
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The repository's folder. Omitted: the nearest one with .git at the project's or above it.",
)
@click.option(
    "--watch",
    multiple=True,
    metavar="PATH",
    help="For a project in a folder of its repository: run for changes of this path of the repository too; repeatable.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is out of date.")
@click.option(
    "--tool",
    type=click.Choice(["package", "checkout"]),
    default="package",
    show_default=True,
    help="CI installs mlplatform from --lock, or the checkout is mlplatform itself (`make setup`).",
)
@click.option("--lock", metavar="FILE", default="", help="Requirements file with hashes that the package is in.")
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
    root: Path | None,
    watch: tuple[str, ...],
) -> None:
    """Write a CI system's pipeline from one SPEC per environment, in the order of promotion.

    The pipeline runs tests, reviews every pull request, previews with each cloud's OIDC login, applies updates only
    as reviewed, and checks for drift. Run the command in the project's folder, with paths below it. Where that is a
    folder of its repository, the files go where the system reads them, with the folder in their names. Lines that
    .gitignore lacks for what the pipeline writes are added to it.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/prod.py --lock ci.txt
      mlplatform render ci --system gitlab stacks/dev.py --lock ci.txt --test 'make test' --images images
      mlplatform render ci --system jenkins stacks/prod.py --lock ci.txt --check
      mlplatform render ci --system mine stacks/prod.py --lock ci.txt --templates ci-templates
    """
    choices = Choices(
        tool=tool,
        lock=lock,
        tests=tests,
        images=images,
        models=models,
        templates=templates,
        root=root,
        watch=watch,
    )
    place, files, missing = render_ci(ctx, system, specs, choices, out)
    if check:
        ctx.exit(_compare(files, place.root, missing))
    _write(files, place.root)
    if missing:
        click.echo(missing, err=True)


def render_ci(
    ctx: click.Context, system: str, specs: Sequence[str], choices: Choices, out: Path
) -> tuple[ProjectPlace, tuple[Rendered, ...], str]:
    """The files, their place, and what a person must add to a file that is theirs."""
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.ci.files import Rendered, missing_include, render_files
    from mlplatform.render.ci.ignored import ignoring
    from mlplatform.render.ci.lock import LockRefused
    from mlplatform.render.ci.pipeline import PipelineRefused, arrange_pipeline
    from mlplatform.render.ci.place import find_place
    from mlplatform.render.templates import TemplateRefused

    loaded = [(load_spec(ctx, spec), spec) for spec in specs]
    try:
        place = find_place(out, choices.root)
        environments = [(_inside(find_spec_file(spec), out), platform) for platform, spec in loaded]
        arranged = arrange_pipeline(system, environments, place.variables)
        settings = _settings(system, arranged, choices, out, place)
        files = render_files(system, arranged, settings, choices.templates)
        if ignore := ignoring(place):
            files = (*files, Rendered(place.in_repository(".gitignore"), ignore, ""))
        return place, files, missing_include(system, place, choices.templates)
    except (PipelineRefused, TemplateRefused, LockRefused) as error:
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


def _settings(system: str, arranged: CiPipeline, choices: Choices, out: Path, place: ProjectPlace) -> Settings:
    from mlplatform.render.ci.files import Settings
    from mlplatform.render.ci.lock import require_lock

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
    if choices.tool == "package":
        require_lock(out, choices.lock)
    elif choices.lock:
        raise click.ClickException(
            "--lock: got a file, expected none with --tool checkout, which runs `make setup`; leave one of them out"
        )
    for path in choices.watch:
        if not place.folder:
            raise click.ClickException(
                f"--watch: got {path[:40]!r}, expected none: the project is the whole repository, and every change "
                "runs its pipeline; leave it out"
            )
        if not re.fullmatch(r"[A-Za-z0-9_*][A-Za-z0-9_.*/-]*", path) or ".." in path:
            raise click.ClickException(
                f"--watch: got {path[:40]!r}, expected a path of letters, digits, '.', '_', '-', '/' and '*', relative "
                "to the repository's root"
            )
    return Settings(
        command=_command_line(system, arranged, choices, out),
        lock=choices.lock,
        tests=choices.tests,
        images=choices.images,
        models=choices.models,
        place=place,
        watch=choices.watch,
    )


def _command_line(system: str, arranged: CiPipeline, choices: Choices, out: Path) -> str:
    words = ["mlplatform", "render", "ci", "--system", system, *arranged.specs]
    words += ["--tool", choices.tool] if choices.tool != "package" else []
    for option, value in (("--lock", choices.lock), ("--images", choices.images), ("--models", choices.models)):
        words += [option, value] if value else []
    for option, values in (("--test", choices.tests), ("--watch", choices.watch)):
        for value in values:
            words += [option, value]
    if choices.root:
        words += ["--root", Path(os.path.relpath(choices.root, out)).as_posix()]
    if choices.templates:
        words += ["--templates", Path(os.path.relpath(choices.templates, out)).as_posix()]
    # it is written into a comment, which a line break would end
    return " ".join(shlex.join(words).split("\n"))


def _compare(files: Sequence[Rendered], root: Path, missing: str) -> int:
    from mlplatform.render.ci.files import find_differing

    stale = find_differing(files, root)
    for path in stale:
        click.echo(f"{_shown(root / path)}: out of date; render it again", err=True)
    if missing:
        click.echo(missing, err=True)
    if not stale and not missing:
        click.echo(f"up to date: {', '.join(_shown(root / file.path) for file in files)}")
    return 1 if stale or missing else 0


def _shown(path: Path) -> str:
    """The path, relative to the working directory."""
    return os.path.relpath(path)


def _write(files: Sequence[Rendered], root: Path) -> None:
    from mlplatform.cli.printing.output import make_folder, write_file

    for file in files:
        path = root / file.path
        make_folder(path.parent)
        write_file(path, file.text)
        shown = _shown(path)
        check = f"    # check it with: {file.lint.replace(file.path, shown)}" if file.lint else ""
        click.echo(shown + check)
