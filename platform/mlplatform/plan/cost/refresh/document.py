"""Writes prices as a price file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from mlplatform.plan.cost.refresh.quote import Quote


def price_file_text(cloud: str, quotes: Sequence[Quote], day: date) -> str:
    """The text of the file, sorted so that two files can be compared line by line."""
    lines = [
        f"# Prices of {cloud}, read from the vendor's public price list.",
        "",
        f"cloud = {json.dumps(cloud)}",
        'currency = "USD"',
        f"as_of = {day.isoformat()}",
    ]
    groups: dict[tuple[str, str, str], dict[str, float]] = {}
    for quote in quotes:
        groups.setdefault((quote.region, quote.source, quote.unit), {})[quote.sku] = quote.usd
    for (region, source, unit), usd in sorted(groups.items()):
        lines += [
            "",
            "[[list]]",
            f"region = {json.dumps(region)}",
            f'unit = "{unit}"',
            f"source = {json.dumps(source)}",
        ]
        lines += ["[list.usd]", *(f"{json.dumps(sku)} = {_number(price)}" for sku, price in sorted(usd.items()))]
    return "\n".join(lines) + "\n"


def _number(price: float) -> str:
    """Without an exponent, which is hard to read."""
    text = f"{price:.12f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text
