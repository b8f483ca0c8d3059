"""`mlplatform init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.render.project.answers import ProjectAnswers, Size
    from mlplatform.render.project.files import ProjectFile
    from mlplatform.spec.problem import Problem

SYSTEMS = ("github", "gitlab", "jenkins", "circleci", "travis", "none")
"""CI systems to choose from."""


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--name", metavar="NAME", help="The platform's name, 2 to 20 characters. Omitted: the folder's name.")
@click.option("--cloud", "clouds", multiple=True, metavar="CLOUD", help="aws, gcp or azure; repeatable.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Region of a cloud; one for each.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="CLOUD.FIELD=VALUE",
    help="A field of a cloud's target: aws.account_id=123456789012; repeatable. Omitted: a value that no account has.",
)
@click.option(
    "--administrator",
    "administrators",
    multiple=True,
    metavar="[CLOUD=]PERSON",
    help="Who may administer the cluster: a role's ARN on AWS, a group's e-mail address on GCP, a group's object id on "
    "Azure; repeatable. Omitted: nobody yet, which `mlplatform check` tells.",
)
@click.option("--team", metavar="NAME", help="Team that is responsible. Omitted: ml-platform.")
@click.option("--cost-center", metavar="TEXT", help="Who pays. Omitted: unassigned.")
@click.option("--email", metavar="ADDRESS", help="Who is told of alerts. Omitted: an address that nobody has.")
@click.option("--budget", type=click.IntRange(1), default=2000, show_default=True, help="US dollars a month.")
@click.option(
    "--size",
    type=click.Choice(["starter", "small", "production"], case_sensitive=False),
    help="starter: dev without GPUs; small: dev and prod, a GPU pool; production: staging too, large GPUs. "
    "Omitted: starter.",
)
@click.option("--ci", type=click.Choice(SYSTEMS, case_sensitive=False), help="The CI system. Omitted: none.")
@click.option("--repository", metavar="OWNER/NAME", default="", help="The repository whose jobs GitHub or GitLab runs.")
@click.option(
    "--wheel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The wheel of mlplatform, which CI installs. Omitted: the one that it was installed from.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; what is omitted has its default.")
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    name: str | None,
    clouds: tuple[str, ...],
    regions: tuple[str, ...],
    fields: tuple[str, ...],
    administrators: tuple[str, ...],
    team: str | None,
    cost_center: str | None,
    email: str | None,
    budget: int,
    size: Size | None,
    ci: str | None,
    repository: str,
    wheel: Path | None,
    yes: bool,
) -> None:
    """Write a project of your own into FOLDER: spec, Pulumi program, stacks, tests, CI, first job and pipeline.

    Asks for what the options leave out, or takes the defaults with --yes. Everything is validated before anything is
    written. A file that is there is never replaced: how it differs is shown. Needs no account, and no network but for
    the lock of CI's packages. Exits with 2 where something is refused; then nothing is written.

    \b
    Examples:
      mlplatform init
      mlplatform init --yes --cloud aws --region eu-central-1 --set aws.account_id=123456789012
      mlplatform init platform --yes --cloud gcp --cloud azure --size small --ci github --repository acme/ml
    """
    from mlplatform.cli.sides.project import InitOptions
    from mlplatform.cli.sides.written import write_missing
    from mlplatform.render.project.files import project_files

    given = InitOptions(
        folder=folder,
        name=name,
        clouds=clouds,
        regions=regions,
        fields=fields,
        administrators=administrators,
        team=team,
        cost_center=cost_center,
        email=email,
        budget=budget,
        size=size,
        ci=ci,
        repository=repository,
    )
    if not yes and not _at_terminal():
        raise click.UsageError("--yes: got none, and there is no terminal to ask at; add --yes, and what you want else")
    answers = given.answers() if yes else given.ask()
    files = project_files(answers, _schemas())
    _validate(ctx, files)
    write_missing(folder, files, "init")
    if answers.ci != "none":
        _write_ci(ctx, folder, answers, wheel)
    _say_next(folder, answers)


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _schemas() -> dict[str, str]:
    from mlplatform.views.plan import json
    from mlplatform.views.spec import schema

    return {
        "spec.json": json.document_text(schema.document()),
        "record.json": json.document_text(schema.record_document()),
    }


def _validate(ctx: click.Context, files: tuple[ProjectFile, ...]) -> None:
    """Refuse answers that give a spec with problems, before anything of it is written."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.reading.load import load

    stacks = [file for file in files if file.path.startswith("stacks/")]
    found: list[Problem] = []
    with TemporaryDirectory() as name:
        trial = Path(name)
        for file in stacks:
            path = trial / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
        for file in stacks:
            if file.path.endswith(".py") and file.path != "stacks/base.py":
                problems = load(trial / file.path).problems
                # the file is not written, so that its lines would help nobody
                found += [replace(each, file=None, line=None) for each in problems]
    if found:
        refuse(ctx, list(dict.fromkeys(found)))


def _write_ci(ctx: click.Context, folder: Path, answers: ProjectAnswers, wheel: Path | None) -> None:
    """The lock and the files of the CI system; what is missing for them is told, and the rest of the project stands."""
    from mlplatform.cli.commands.render import Choices, render_ci
    from mlplatform.cli.sides.written import write_missing
    from mlplatform.render.project.answers import ENVIRONMENTS
    from mlplatform.render.project.files import LOCK, TESTS, ProjectFile
    from mlplatform.render.project.lock import NoLock, write_lock

    try:
        write_lock(folder, LOCK, wheel, (*(target.cloud for target in answers.targets), "kubernetes"))
    except NoLock as error:
        click.echo(f"CI is not written yet: {error}", err=True)
        return
    choices = Choices(
        tool="package", lock=LOCK, tests=(TESTS,), images="", models="", templates=None, root=None, watch=()
    )
    specs = [str(folder / f"stacks/{environment}.py") for environment in ENVIRONMENTS[answers.size]]
    place, files, missing = render_ci(ctx, answers.ci, specs, choices, folder)
    write_missing(place.root, tuple(ProjectFile(file.path, file.text) for file in files), "init")
    if missing:
        click.echo(missing, err=True)


def _say_next(folder: Path, answers: ProjectAnswers) -> None:
    from mlplatform.render.project.answers import ENVIRONMENTS
    from mlplatform.render.project.files import to_do

    for part, reason in answers.left_out.items():
        click.echo(f"left out of the spec: {part}: {reason}")
    for field, what in to_do(answers):
        click.echo(f"to do before the first `up`, in {folder / 'stacks' / 'base.py'}: {field}: {what}")
    first = ENVIRONMENTS[answers.size][0]
    click.echo("\nNext")
    where = [] if folder.resolve() == Path.cwd() else [f"cd {folder}"]
    for number, step in enumerate(
        (*where, f"mlplatform plan {first}", f"mlplatform cost {first}", "python -m pytest -q"), 1
    ):
        click.echo(f"  {number}. `{step}`")
