"""`mlplatform render programs`."""

from __future__ import annotations

import shutil
from pathlib import Path

import click


@click.command("programs", short_help="The image of the platform's own programs.")
@click.option(
    "--wheel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The wheel of the version that runs, as `pip wheel --no-deps` builds it.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder: for CI, the one of a repository below `render ci --images`. Files of others in it stay.",
)
def programs(wheel: Path, out: Path) -> None:
    """Write the Dockerfile of `programs_image`, with a lock and the wheel: what gates, registers, decides and watches.

    The base is pinned by digest, every package by hash, and Pulumi is not in the image. Each release of the platform
    needs a new image, because it reads what `up` of the same version writes. Exits with 2 where the wheel is refused;
    then nothing is written.

    \b
    Examples:
      mlplatform render programs --wheel wheels/mlplatform-0.1.0-py3-none-any.whl --out images/training
    """
    from importlib.metadata import version

    from mlplatform.cli.printing.output import make_folder, write_file
    from mlplatform.cli.printing.own_file import refuse_foreign
    from mlplatform.render.programs.files import DOCKERFILE, HEAD, WheelRefused, program_files, require_wheel

    try:
        require_wheel(wheel, version("mlplatform"))
    except WheelRefused as refused:
        raise click.UsageError(f"{wheel}: {refused}") from None
    choose = "choose another folder with --out"
    words = f"got a file that this command did not write, expected an empty one, or none; {choose}"
    files = program_files()
    # the lock has no head: where the Dockerfile is the command's own, so is the lock
    for name in (DOCKERFILE,) if (out / DOCKERFILE).exists() else tuple(files):
        if (out / name).exists():
            refuse_foreign(out / name, HEAD, choose=choose, words=words)
    # the Dockerfile takes every wheel of the folder, and pip only one of a package
    for other in sorted(out.glob("mlplatform-*.whl")):
        if other.name != wheel.name:
            raise click.UsageError(f"{other}: got the wheel of another version, expected none; remove it")
    make_folder(out)
    try:
        if wheel.resolve() != (out / wheel.name).resolve():
            shutil.copyfile(wheel, out / wheel.name)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror or error}; {choose}") from error
    click.echo(f"wrote {out / wheel.name}")
    for name, text in files.items():
        write_file(out / name, text, choose)
        click.echo(f"wrote {out / name}")
