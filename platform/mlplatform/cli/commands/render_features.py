"""`mlplatform render features`."""

from __future__ import annotations

from pathlib import Path

import click

from mlplatform.cli import options


@click.command("features", short_help="The feature store as a repository of Feast.")
@click.argument("spec")
@options.target_option("The target, by its name or by its cloud. Needed where the spec has several.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder. Files in it that this command did not write stay, and one of the same name is refused.",
)
@click.pass_context
def features(ctx: click.Context, spec: str, target: str | None, out: Path) -> None:
    """Write the feature store of SPEC for Feast: configuration, definitions, look-ups, and what to install.

    Needs no account, and no secret is in the files: people and jobs log in with their identities. Run `feast apply` in
    the folder after a change; jobs find the tables where the place `features` is mounted (docs/features.md). Exits with
    2 where something is refused; then nothing is written.

    \b
    Examples:
      mlplatform render features prod --target aws --out features
    """
    from mlplatform.cli.printing.output import make_folder, write_file
    from mlplatform.cli.printing.own_file import refuse_foreign
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.cli.sides.specs import choose_targets, load_spec
    from mlplatform.components.feast_repository import HEAD
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.render.features.repository import feature_files

    platform = load_spec(ctx, spec, (target,) if target else ())
    first, *others = choose_targets(platform, (target,) if target else ())
    if others:
        raise click.UsageError(f"{spec}: got {len(others) + 1} targets, expected one; add --target {first}")
    try:
        files = feature_files(platform.on(first))
    except Unacceptable as refused:
        refuse(ctx, refused.problems)
    for name in files:
        if (out / name).exists():
            refuse_foreign(
                out / name,
                HEAD,
                choose="choose another folder with --out",
                words="got a file that this command did not write, expected an empty one, or none; choose another "
                "folder with --out",
            )
    make_folder(out)
    for name, text in files.items():
        write_file(out / name, text)
        click.echo(f"wrote {out / name}")
