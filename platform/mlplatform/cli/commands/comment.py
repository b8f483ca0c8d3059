"""`mlplatform comment`: a review of specs, printed, written to a file or posted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli import options
from mlplatform.plan.finding import LEVELS, Level

if TYPE_CHECKING:
    from mlplatform.cli.sides.model import Pair
    from mlplatform.post.request import ReviewRequest
    from mlplatform.review import Review
    from mlplatform.views.comment.comment import Flavour

_READ_ONLY = (401, 403, 404)
"""Statuses that a platform returns where the token may not write."""


@click.command("comment")
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option(
    "--base",
    metavar="REVISION|FILE",
    help="Compare with a git revision, or with a plan, state or spec file for a single SPEC. "
    "Omitted: SPEC is a preview file, which has both sides.",
)
@options.target_options
@options.LAYER
@click.option(
    "--flavour", type=click.Choice(["github", "gitlab"]), help="Markdown dialect. Omitted: --post's, or GitHub's."
)
@click.option("--post", type=click.Choice(["github", "gitlab"]), help="Post it to the request that CI runs for.")
@click.option("--dry-run", is_flag=True, help="With --post: print it, and post nothing.")
@click.option(
    "--report",
    default="",
    metavar="URL|FILE",
    help="The HTML report of the same change, linked in the comment: an address, or a file that the job keeps as an "
    "artefact. Omitted: no link.",
)
@click.option(
    "--key",
    default="",
    help="Distinguishes several comments on one request. Omitted: the platform's name and its folder.",
)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    help="Exit with 1 where a finding of this level or worse is not accepted. Omitted: the comment is no gate.",
)
@options.ACCEPTED
@options.TRUST
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    base: str | None,
    targets: tuple[str, ...],
    flavour: str | None,
    post: str | None,
    dry_run: bool,
    report: str,
    key: str,
    fail_on: str | None,
    accepted: Path | None,
    trust: str | None,
    output: Path | None,
) -> None:
    """Write one review comment about every SPEC: verdict, risks and cost, with the details folded.

    --post sends it to the pull or merge request that CI runs for, and updates the comment of the last push
    instead of adding another. Where the token is read-only, as for pull requests from forks, it goes to the job's
    summary. Exits with 0, with 1 where a finding reaches --fail-on, with 2 where an input is refused or posting fails.

    \b
    Examples:
      mlplatform comment dev staging prod --base origin/main
      mlplatform comment preview.json --flavour gitlab -o comment.md
      mlplatform comment prod --base origin/main --post github
    """
    from importlib.metadata import version

    from mlplatform.cli.sides.folders import project_folder
    from mlplatform.cli.sides.reviews import STOPPED
    from mlplatform.post.links import job_address, report_address
    from mlplatform.views.comment.comment import FORMER_KEY, CommentSubject, comment_document, marker

    reviews: list[Review] = []
    provenance: list[str] = []
    folders: list[str] = []
    label = ""
    for spec in specs:
        pair, spec_reviews = _review(ctx, spec, base, targets, accepted, trust, alone=len(specs) == 1)
        reviews += spec_reviews
        provenance += _provenance(pair, spec)
        folders.append(project_folder(spec))
        label = base or pair.base.label
    subject = CommentSubject(
        base=label,
        reviews=tuple(reviews),
        provenance=tuple(provenance),
        version=version("mlplatform"),
        folders=tuple(dict.fromkeys(folders)),
        key=key,
        report=report_address(report, os.environ),
        job=job_address(os.environ),
    )
    text = comment_document(subject, cast("Flavour", flavour or post or "github"))
    posts = bool(post) and not dry_run
    if output is not None or not posts:
        from mlplatform.cli.printing.output import deliver_document

        deliver_document(ctx, text, output)
    if post and posts:
        _post(post, subject.marker, text, former="" if key else marker(FORMER_KEY))
    if fail_on and any(review.stops(cast("Level", fail_on)) for review in reviews):
        ctx.exit(STOPPED)


def _review(
    ctx: click.Context,
    spec: str,
    base: str | None,
    targets: tuple[str, ...],
    accepted: Path | None,
    trust: str | None,
    *,
    alone: bool,
) -> tuple[Pair, list[Review]]:
    from mlplatform.cli.sides.reviews import read_reviews

    if base is None:
        return read_reviews(ctx, spec, None, targets, accepted, trust)
    if Path(base).is_file():
        if not alone:
            raise click.UsageError(
                f"--base: got the file {base} with several SPECs, expected a git revision or one SPEC"
            )
        return read_reviews(ctx, base, spec, targets, accepted, trust)
    return read_reviews(ctx, f"{base}:{spec}", spec, targets, accepted, trust)


def _provenance(pair: Pair, spec: str) -> list[str]:
    if pair.head.spec is None:
        return []
    if pair.head.revision:
        return [f"commit {pair.head.revision[:12]}"]
    from mlplatform.cli.sides.specs import provenance_of

    return [provenance_of(pair.head.spec, spec).text]


def _post(system: str, marker: str, text: str, *, former: str) -> None:
    from importlib import import_module

    from mlplatform.post.http import ApiRefused
    from mlplatform.post.request import MissingEnvironment

    try:
        request: ReviewRequest = import_module(f"mlplatform.post.{system}").find_request(os.environ)
        done = request.post(marker, text, former=former)
    except MissingEnvironment as error:
        raise click.ClickException(
            f"--post {system}: the environment lacks {error}; run it in a job of a pull request, or use --dry-run"
        ) from error
    except ApiRefused as refused:
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if refused.status in _READ_ONLY and summary:
            with open(summary, "a", encoding="utf-8") as file:
                file.write(text)
            click.echo(f"the token may not write comments ({refused}); the comment is in the job's summary", err=True)
            return
        hint = "; the token must be allowed to write comments" if refused.status in _READ_ONLY else ""
        raise click.ClickException(f"--post {system}: {refused}{hint}") from refused
    click.echo(f"comment {done}", err=True)
