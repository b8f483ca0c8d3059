"""From specs' paths to the files that `mlplatform render` writes."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import click

from mlplatform.cli.sides.specs import load_spec
from mlplatform.fast.record import record
from mlplatform.render.ci.files import Rendered, Settings, differing, render
from mlplatform.render.ci.pipeline import Pipeline, PipelineRefused, pipeline
from mlplatform.render.templates import TemplateRefused


@record(kw_only=True)
class Choices:
    """The options of `render ci` that say what is in the files."""

    tool: str
    lock: str
    tests: tuple[str, ...]
    images: str
    models: str
    templates: Path | None


def write_ci(ctx: click.Context, system: str, specs: Sequence[str], choices: Choices, *, out: Path, check: bool) -> int:
    """Write a system's files, or compare them with what is there.

    Args:
        ctx: of the command.
        system: name of the CI system.
        specs: one for each environment, in the order of promotion.
        choices: the other options.
        out: the project's folder.
        check: compare only.

    Returns:
        The exit code: 0, or 1 where something differs.

    Raises:
        click.ClickException: the specs, the options or the templates are refused; nothing was written.
    """
    from mlplatform.reading.file import find_spec_file
    from mlplatform.reading.partial import Unacceptable

    loaded = [(load_spec(ctx, spec), spec) for spec in specs]
    try:
        named = [(_inside(find_spec_file(spec), out), platform) for platform, spec in loaded]
        arranged = pipeline(system, named)
        files = render(system, arranged, _settings(system, arranged, choices, out), choices.templates)
    except (PipelineRefused, TemplateRefused) as error:
        raise click.ClickException(str(error)) from error
    except Unacceptable as error:
        raise click.ClickException("; ".join(map(str, error.problems))) from error
    if check:
        return _compare(files, out)
    _write(files, out)
    return 0


def _inside(path: Path, out: Path) -> PurePosixPath:
    if not str(path).isprintable():
        raise PipelineRefused(f"{str(path)!r}: got a control character, expected a file name without; rename it")
    try:
        return PurePosixPath(path.resolve().relative_to(out.resolve()).as_posix())
    except ValueError:
        raise PipelineRefused(
            f"{path}: got a file outside {out.resolve()}, expected one below the project's folder; "
            "run the command there, or name the folder with --out"
        ) from None


def _settings(system: str, arranged: Pipeline, choices: Choices, out: Path) -> Settings:
    for command in choices.tests:
        if not command.strip() or "\n" in command or "\r" in command:
            raise PipelineRefused(f"--test: got {command[:40]!r}, expected one line of shell")
    folders = {"--lock": choices.lock, "--images": choices.images, "--models": choices.models}
    for option, path in folders.items():
        # it is written into a script, and into lines that a person reads
        if (path and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./-]*", path)) or ".." in path:
            raise PipelineRefused(
                f"{option}: got {path[:40]!r}, expected a path of letters, digits, '.', '_', '-', '/'"
            )
    extras = ",".join(arranged.clouds)
    return Settings(
        command=_command(system, arranged, choices, out),
        requirement="" if choices.tool == "checkout" else f"mlplatform[{extras}]=={version('mlplatform')}",
        lock=choices.lock,
        tests=choices.tests,
        images=choices.images,
        models=choices.models,
    )


def _command(system: str, arranged: Pipeline, choices: Choices, out: Path) -> str:
    words = ["mlplatform", "render", "ci", "--system", system, *arranged.specs]
    words += ["--tool", choices.tool] if choices.tool != "package" else []
    for option, value in (("--lock", choices.lock), ("--images", choices.images), ("--models", choices.models)):
        words += [option, value] if value else []
    for command in choices.tests:
        words += ["--test", command]
    if choices.templates:
        words += ["--templates", Path(os.path.relpath(choices.templates, out)).as_posix()]
    # it stands in a comment, which a line break would end
    return " ".join(shlex.join(words).split("\n"))


def _compare(files: Sequence[Rendered], out: Path) -> int:
    stale = differing(files, out)
    for path in stale:
        click.echo(f"{out / path}: not what the spec gives; render it again", err=True)
    if not stale:
        click.echo(f"up to date: {', '.join(str(out / file.path) for file in files)}")
    return 1 if stale else 0


def _write(files: Sequence[Rendered], out: Path) -> None:
    from mlplatform.cli.printing.output import write

    for file in files:
        path = out / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"{path.parent}: cannot be made: {error.strerror}") from error
        write(path, file.text)
        click.echo(f"{path}" + (f"    # check it with: {file.lint}" if file.lint else ""))
