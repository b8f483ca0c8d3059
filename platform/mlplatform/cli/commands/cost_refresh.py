"""`mlplatform cost refresh`: prices from the clouds' public price lists."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("refresh", short_help="Read prices from a cloud's public price list.")
@click.option("--cloud", required=True, metavar="CLOUD", help="Whose prices: aws, gcp or azure.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Region to read; may be repeated. Omitted: the region that the catalogue's prices are of.",
)
@click.option(
    "--url", metavar="URL", help="Another address of the price list, for example a mirror. Omitted: the vendor's."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Price file to write, for --prices.",
)
@click.pass_context
def refresh(ctx: click.Context, cloud: str, regions: tuple[str, ...], url: str | None, output: Path) -> None:
    """Read what the estimate needs from a cloud's public price list and write it as a price file.

    AWS (offer files) and Azure (Retail Prices API) need no account; GCP (Cloud Billing Catalog API) needs an API key in
    GOOGLE_API_KEY. Exits with 2 where the list cannot be read; nothing is written then.

    \b
    Examples:
      mlplatform cost refresh --cloud aws --region eu-west-1 -o prices-aws.toml
      mlplatform cost prod --prices prices-aws.toml
    """
    from mlplatform.cli.printing.output import write
    from mlplatform.plan.cost.refresh import NotRefreshed, refresh_prices

    try:
        text, count = refresh_prices(cloud, regions, url)
    except NotRefreshed as error:
        raise click.ClickException(str(error)) from error
    write(output, text)
    click.echo(f"{count} prices written to {output}", err=True, color=ctx.color)
