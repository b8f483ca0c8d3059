"""Which values of a chart say where an image is pulled from: read from them, and set in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.cluster.charts.registry import ChartPull, chart
from mlplatform.cluster.images.address import ImageAddress, parse_image

_PARTS = re.compile(r"\{(\w+)\}")


def chart_images(name: str, values: Mapping[str, object]) -> Iterator[tuple[ChartPull, ImageAddress]]:
    """The images of a release, with the values that name them.

    Args:
        name: of the chart.
        values: those of the release.
    """
    for pull in chart(name).pulls:
        yield pull, _own(pull, values)


def image_values(pull: ChartPull, image: ImageAddress) -> dict[str, object]:
    """The values that make a chart pull an image from where the reference says.

    Args:
        pull: which values name it.
        image: the reference.
    """
    body: dict[str, object] = {}
    for path, template in pull.values.items():
        *above, last = (part.replace("~", ".") for part in path.split("."))
        place = body
        for part in above:
            place = cast("dict[str, object]", place.setdefault(part, {}))
        place[last] = _PARTS.sub(lambda match: _part(image, match[1]), template)
    return body


def merge_values(values: Mapping[str, object], more: Mapping[str, object]) -> dict[str, object]:
    """Values with others laid over them, map by map."""
    merged = dict(values)
    for key, value in more.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            value = merge_values(cast("Mapping[str, object]", known), cast("Mapping[str, object]", value))
        merged[key] = value
    return merged


def _part(image: ImageAddress, part: str) -> str:
    folder, _, name = image.path.rpartition("/")
    return {
        "host": image.host,
        "path": image.path,
        "repository": image.repository,
        "folder": f"{image.host}/{folder}".rstrip("/"),
        "name": name,
        "tag": image.version,
        "reference": str(image),
    }[part]


def _own(pull: ChartPull, values: Mapping[str, object]) -> ImageAddress:
    """The image that a release pulls: the chart's, with what its values change."""
    image = parse_image(pull.image)
    found = {part: _part(image, part) for part in ("host", "path", "folder", "name", "repository", "tag", "reference")}
    set_here: set[str] = set()
    for path, template in pull.values.items():
        value = _value(values, path)
        match = _PARTS.fullmatch(template)
        if isinstance(value, str) and match:
            found[match[1]] = value
            set_here.add(match[1])
    if "reference" in set_here:
        return parse_image(found["reference"])
    repository = found["repository"]
    if set_here & {"host", "path"}:
        repository = f"{found['host']}/{found['path']}"
    elif set_here & {"folder", "name"}:
        repository = f"{found['folder']}/{found['name']}"
    return parse_image(f"{repository}:{found['tag']}")


def _value(values: Mapping[str, object], path: str) -> object:
    first, dot, rest = path.partition(".")
    value = values.get(first.replace("~", "."))
    if not dot:
        return value
    return _value(cast("Mapping[str, object]", value), rest) if isinstance(value, Mapping) else None
