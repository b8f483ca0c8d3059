"""Lists the paths of a chart's values for the registry of charts: `python -m tests.cluster.chart_values FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml

OPEN = ("resources", "nodeSelector", "affinity", "extraArgs", "securityContext", "podSecurityContext")
"""Values that a chart fills and hands on as they are: any key may stand in them."""


def value_paths(values: Mapping[str, object], head: str = "") -> Iterator[str]:
    """Paths of all values; one that the chart leaves open (`{}`, `[]`, nothing) ends in `.*`. Dots in keys are `~`."""
    for key, value in values.items():
        path = f"{head}{key.replace('.', '~')}"
        if key in OPEN:
            yield f"{path}.*"
        elif isinstance(value, Mapping) and value:
            yield from value_paths(cast("Mapping[str, object]", value), f"{path}.")
        elif value is None or isinstance(value, Mapping | list):
            yield f"{path}.*"
        else:
            yield path


if __name__ == "__main__":
    document = yaml.safe_load(Path(sys.argv[1]).read_text("utf-8"))
    print("values = [")
    for each in sorted(set(value_paths(document))):
        print(f'    "{each}",')
    print("]")
