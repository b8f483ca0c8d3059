"""`mlplatform render`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("render", short_help="Write the files of other tools from a spec.")
def command() -> None:
    """Write the files of other tools from a spec.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/prod.py
      mlplatform render ci --system github stacks/dev.py stacks/prod.py --check
    """


@command.command("ci", short_help="Pipelines of a CI system.")
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--system", required=True, help="github, gitlab, jenkins, circleci, travis, or one of --templates.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder. Omitted: this one.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is not what would be written.")
@click.option(
    "--tool",
    type=click.Choice(["package", "checkout"]),
    default="package",
    show_default=True,
    help="Whether CI installs mlplatform of this version, or the checkout is mlplatform itself (`make setup`).",
)
@click.option("--lock", metavar="FILE", default="", help="Install this file of requirements, hashes required, instead.")
@click.option("--test", "tests", multiple=True, metavar="COMMAND", help="Run this in the test job too; repeatable.")
@click.option("--images", metavar="FOLDER", default="", help="Build and promote the images of FOLDER/<repository>.")
@click.option("--models", metavar="FOLDER", default="", help="Run the tests of FOLDER/<model group>.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of systems of your own, or of templates that take the place of those of a known system.",
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

    Tests, a review of every pull request, previews by each cloud's OIDC login, updates that do what was reviewed or
    nothing, and drift checks. Run it in the project's folder, with paths below it.

    \b
    Examples:
      mlplatform render ci --system github stacks/dev.py stacks/staging.py stacks/prod.py
      mlplatform render ci --system gitlab stacks/dev.py stacks/prod.py --test 'make test' --images images
      mlplatform render ci --system jenkins stacks/prod.py --check
      mlplatform render ci --system mine stacks/prod.py --templates ci-templates
    """
    from mlplatform.cli.commands.rendering import Choices, write_ci

    choices = Choices(tool=tool, lock=lock, tests=tests, images=images, models=models, templates=templates)
    ctx.exit(write_ci(ctx, system, specs, choices, out=out, check=check))
