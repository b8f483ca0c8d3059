"""`mlplatform reproduce`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mlplatform.cli import options

if TYPE_CHECKING:
    from mlplatform.lineage.second_run import SecondRun

DIFFERENT = 1
"""Exit code of --compare where the second run measured something else."""


@click.command("reproduce")
@click.argument("model", metavar="MODEL[/VERSION]")
@options.ENVIRONMENTS
@options.RECORDS
@click.option(
    "--repository",
    metavar="ADDRESS",
    help="Where the code is: git+https://…, hg+https://… or svn+https://… Omitted: what the record says.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["script", "json"]),
    default="script",
    show_default=True,
    help="A shell script, or the run as a request for tools.",
)
@click.option(
    "--compare",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    metavar="FILE",
    help="Metrics of a second run, a JSON object: write nothing, and hold them against the recorded ones.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="With --compare: the largest difference that counts as the same.",
)
@options.OUTPUT
@click.pass_context
def command(
    ctx: click.Context,
    model: str,
    environments: tuple[str, ...],
    records: Path | None,
    repository: str | None,
    form: str,
    compare: Path | None,
    tolerance: float,
    output: Path | None,
) -> None:
    """Write the run that trains a released version again, with the recorded commit, data, parameters and image.

    What no record says is named in the output and on standard error; nothing is put in its place. Without version, the
    released one. Exits with 0, with 1 where --compare finds other metrics, with 2 where the record does not say enough
    for a run, or records contradict each other.

    \b
    Examples:
      mlplatform reproduce fraud/7 -o again.sh && sh again.sh
      mlplatform reproduce fraud/7 --compare fraud-7/metrics.json --tolerance 0.001
      mlplatform reproduce fraud --environment prod --format json
    """
    from pydantic import ValidationError

    from mlplatform.cli.printing.output import deliver_document
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.lineage.chain import trace_model
    from mlplatform.lineage.records import entries, find_records, read_records
    from mlplatform.lineage.second_run import plan_second_run
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.run.script import run_request, run_script
    from mlplatform.views.plan.json import document_text

    try:
        folder = find_records(records)
        run = plan_second_run(trace_model(entries(read_records(folder, environments), folder), model), repository)
        if compare is not None:
            ctx.exit(_compare(run, compare, tolerance))
        text = document_text(run_request(run)) if form == "json" else run_script(run)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    except ValidationError:
        raise click.UsageError(
            f"--repository: got '{(repository or '')[:60]}', expected git+https://…, hg+https://… or svn+https://… "
            "without a password"
        ) from None
    for name in run.lacking:
        click.echo(f"no record says {name} of {run.model}", err=True)
    deliver_document(ctx, text, output)


def _compare(run: SecondRun, file: Path, tolerance: float) -> int:
    """Print what differs; the exit code."""
    from mlplatform.json_text import NotJson, parse_json
    from mlplatform.lineage.second_run import differing_metrics
    from mlplatform.reading.file import read_text
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    fix = 'write for example {"auc": 0.91}'
    recorded = run.training.metrics
    if not recorded:
        got = f"no metrics in the record of {run.model}"
        raise Unacceptable(Problem("--compare", got, "what the first run measured", "compare by hand"))
    try:
        measured = parse_json(read_text(file))
    except NotJson as error:
        raise Unacceptable(
            Problem("--compare", error.got, error.expected, fix, file=str(file), line=error.line)
        ) from None
    if not isinstance(measured, dict):
        raise Unacceptable(Problem("--compare", "no object", "an object of metrics", fix, file=str(file)))
    found = differing_metrics(recorded, cast("dict[str, object]", measured), tolerance)
    for words in found:
        click.echo(words)
    if not found:
        click.echo(f"{run.model}: the second run measured the same: {', '.join(sorted(recorded))}")
    return DIFFERENT if found else 0
