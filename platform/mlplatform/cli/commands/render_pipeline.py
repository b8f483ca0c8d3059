"""`mlplatform render pipeline`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("pipeline", short_help="A pipeline for the service that runs it.")
@click.argument("name")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Omitted: the one that the pipeline names in `on`.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the files. Omitted: they are printed.",
)
@click.pass_context
def command(ctx: click.Context, name: str, spec: str, target: str | None, out: Path | None) -> None:
    """Write the pipeline NAME of SPEC as its service reads it.

    The engine `cluster` gives the template of Argo Workflows that the stack of the layer makes, and `airflow` a file
    for an Airflow that exists.

    Needs no account and no SDK: machines come from the catalogue, addresses and roles from the names that the platform
    gives them. What the service could not run is refused. The most that a run costs is told beside it.

    \b
    Examples:
      mlplatform render pipeline fraud-retrain prod
      mlplatform render pipeline fraud-retrain prod --target aws --out build/pipelines
    """
    from mlplatform import discovery
    from mlplatform.cli.printing.output import make_folder, write_file
    from mlplatform.cli.sides.pipelines import choose_pipeline
    from mlplatform.components.pipeline_problems import run_usd
    from mlplatform.pipelines.commands import definition_of
    from mlplatform.pipelines.resolved import cost_note
    from mlplatform.spec.order import in_order

    pipeline, narrowed = choose_pipeline(ctx, spec, name, target)
    backend, managed = discovery.backend(narrowed.targets[0].cloud), pipeline.engine == "managed"
    try:
        if managed:
            files = backend.pipeline_forms(narrowed, pipeline)
        else:
            # the layer's parts take longer to import than a managed pipeline takes to compile
            from mlplatform.render.pipelines.files import pod_forms

            files = pod_forms(narrowed, pipeline)
    except NotImplementedError as none:
        raise click.ClickException(str(none)) from none
    for file in files:
        if out is None:
            click.echo(file.text, nl=False)
        else:
            make_folder(out)
            write_file(out / file.name, file.text)
            click.echo(f"wrote {out / file.name}; {file.use}")
    usd = run_usd(backend, narrowed.targets[0], narrowed, pipeline)
    click.echo(cost_note(pipeline, usd), err=True)
    click.echo(f"definition {definition_of(in_order(pipeline))}", err=True)
