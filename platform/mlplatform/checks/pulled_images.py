"""The images that a resource of the layer pulls, with the place of each in its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.cluster.charts.registry import chart_names
from mlplatform.cluster.images.address import ImageAddress, parse_image
from mlplatform.cluster.images.pulls import chart_images
from mlplatform.plan.inside import INSIDE

LAYER = ("kubernetes:*",)
"""Types whose resources pull images."""


def pulled_images(resource: Resource) -> Iterator[tuple[str, ImageAddress]]:
    """Path and address of each image; what helm renders of a known chart is told of its release alone."""
    if resource.step.op == INSIDE:
        return
    if resource.step.type == RELEASE:
        name, values = chart_of(resource), resource.get("values")
        if name in chart_names():
            given = cast("Mapping[str, object]", values if isinstance(values, Mapping) else {})
            for pull, image in chart_images(name, given):
                yield f"values.{next(iter(pull.values))}", image
    yield from _inside(dict(resource.step.inputs), "")


def _inside(value: object, at: str) -> Iterator[tuple[str, ImageAddress]]:
    """Addresses that stand whole as `image: …`, or apart, as operators take them."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        parts = [items.get(key) for key in ("repository", "image", "version")]
        if all(isinstance(part, str) and part for part in parts):
            yield from _parsed(f"{parts[0]}/{parts[1]}:{parts[2]}".replace(":sha256:", "@sha256:"), f"{at}.image")
            return
        for key, item in items.items():
            path = f"{at}.{key}" if at else key
            if key == "image" and isinstance(item, str):
                if "/" in item and {":", "@"} & set(item.rpartition("/")[2]):
                    yield from _parsed(item, path)
            else:
                yield from _inside(item, path)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(cast("list[object]", value)):
            yield from _inside(item, f"{at}[{number}]")


def _parsed(text: str, path: str) -> Iterator[tuple[str, ImageAddress]]:
    try:
        yield path, parse_image(text)
    except ValueError:
        return
