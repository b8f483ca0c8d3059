"""`mlplatform comment`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.plan.finding import LEVELS


@click.command("comment", short_help="Write what a pull request should show.")
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option(
    "--base",
    metavar="REVISION|FILE",
    help="What to compare with: a git revision, or a plan, state or spec file for a single SPEC. "
    "Omitted: SPEC is a preview file and says what is there.",
)
@click.option(
    "--cloud", "clouds", multiple=True, metavar="CLOUD", help="Look at this target only; may be repeated. Omitted: all."
)
@click.option(
    "--flavour", type=click.Choice(["github", "gitlab"]), help="Whose markdown. Omitted: --post's, or GitHub's."
)
@click.option("--post", type=click.Choice(["github", "gitlab"]), help="Put it on the request that CI runs for.")
@click.option("--dry-run", is_flag=True, help="With --post: print it, and write nothing anywhere.")
@click.option("--key", default="review", show_default=True, help="Tells several comments on one request apart.")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    help="Exit with 1 where something is as bad as this, or worse, and not accepted. Omitted: the comment is no gate.",
)
@click.option(
    "--accepted",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="What the team has accepted. Omitted: mlplatform.accepted.yaml of the project, if there is one.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.pass_context
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    base: str | None,
    clouds: tuple[str, ...],
    flavour: str | None,
    post: str | None,
    dry_run: bool,
    key: str,
    fail_on: str | None,
    accepted: Path | None,
    output: Path | None,
) -> None:
    """Write one comment about every SPEC: the verdict, what is dangerous, what it costs, and the rest folded.

    With --post it goes to the pull or merge request that CI runs for, and the comment of the last push is updated
    instead of adding another. Where the token may only read, as for pull requests from forks, it goes to the job's
    summary. Exits with 0, with 1 where --fail-on says so, with 2 where an input is refused or posting fails.

    \b
    Examples:
      mlplatform comment dev staging prod --base origin/main
      mlplatform comment preview.json --flavour gitlab -o comment.md
      mlplatform comment prod --base origin/main --post github
    """
    from mlplatform.cli.commands.commenting import comment

    ctx.exit(
        comment(
            ctx,
            specs,
            base,
            tuple(dict.fromkeys(clouds)),
            flavour or post or "github",
            post="" if dry_run else post or "",
            key=key,
            fail_on=fail_on,
            accepted=accepted,
            output=output,
        )
    )
