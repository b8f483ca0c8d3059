"""From specs and a base to a comment, printed, written to a file or posted."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli.sides.reviews import FOUND, read_reviews
from mlplatform.plan.finding import Level

if TYPE_CHECKING:
    from mlplatform.cli.sides.inputs import Pair
    from mlplatform.post.place import Place
    from mlplatform.review import Review
    from mlplatform.views.comment.comment import Flavour

_READ_ONLY = (401, 403, 404)
"""What a platform answers where the token may not write."""


def comment(
    ctx: click.Context,
    specs: tuple[str, ...],
    base: str | None,
    clouds: tuple[str, ...],
    flavour: str,
    *,
    post: str,
    key: str,
    fail_on: str | None,
    accepted: Path | None,
    output: Path | None,
) -> int:
    """Write the comment and give the exit code; arguments as the command's options say.

    Raises:
        click.ClickException: an input is refused, or the comment can be put nowhere.
    """
    from importlib.metadata import version

    from mlplatform.views.comment.comment import Subject, document, marker

    reviews: list[Review] = []
    provenance: list[str] = []
    label = ""
    for spec in specs:
        pair, found = _read(ctx, spec, base, clouds, accepted, alone=len(specs) == 1)
        reviews += found
        provenance += _provenance(pair, spec)
        label = base or pair.base.label
    subject = Subject(label, tuple(reviews), tuple(provenance), version("mlplatform"), key)
    text = document(subject, cast("Flavour", flavour))
    if output is not None:
        from mlplatform.cli.printing.output import write

        write(output, text)
    elif not post:
        click.echo(text, nl=False)
    if post:
        _post(post, marker(key), text)
    stops = fail_on is not None and any(one.stops(cast("Level", fail_on)) for one in reviews)
    return FOUND if stops else 0


def _read(
    ctx: click.Context, spec: str, base: str | None, clouds: tuple[str, ...], accepted: Path | None, *, alone: bool
) -> tuple[Pair, list[Review]]:
    if base is None:
        return read_reviews(ctx, spec, None, clouds, accepted)
    if Path(base).is_file():
        if not alone:
            raise click.UsageError(
                f"--base: got the file {base} with several SPECs, expected a git revision or one SPEC"
            )
        return read_reviews(ctx, base, spec, clouds, accepted)
    return read_reviews(ctx, f"{base}:{spec}", spec, clouds, accepted)


def _provenance(pair: Pair, spec: str) -> list[str]:
    if pair.head.spec is None:
        return []
    from mlplatform.provenance import provenance

    file = Path(spec)
    return [provenance(pair.head.spec, file.parent if file.exists() else Path.cwd()).text]


def _post(system: str, marker: str, text: str) -> None:
    from mlplatform.post.http import Refused
    from mlplatform.post.place import NotSet

    try:
        place: Place = import_module(f"mlplatform.post.{system}").place(os.environ)
        done = place.put(marker, text)
    except NotSet as error:
        raise click.ClickException(
            f"--post {system}: the environment lacks {error}; run it in a job of a pull request, or use --dry-run"
        ) from error
    except Refused as refused:
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if refused.status in _READ_ONLY and summary:
            with open(summary, "a", encoding="utf-8") as file:
                file.write(text)
            click.echo(f"the token may not write comments ({refused}); the comment is in the job's summary", err=True)
            return
        hint = "; the token must be allowed to write comments" if refused.status in _READ_ONLY else ""
        raise click.ClickException(f"--post {system}: {refused}{hint}") from refused
    click.echo(f"comment {done}", err=True)
