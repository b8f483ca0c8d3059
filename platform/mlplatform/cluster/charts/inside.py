"""What a release of a chart would make: its objects, rendered by `helm` from a folder of charts.

A release is one resource for Pulumi, and what a new version of its chart changes, a right or an image, would be seen by
nobody. Without `helm` on PATH or a folder of charts the plan shows the release alone, with its values.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml

from mlplatform.cluster.charts.registry import PinnedChart, chart

CHARTS = "MLPLATFORM_CHARTS"
"""Names a folder with charts as `helm pull` writes them, `NAME-VERSION.tgz`, or unpacked as `NAME`."""

_SECONDS = 60
_HIDDEN = {"data": "W3NlY3JldF0=", "stringData": "[secret]"}


class NotRendered(ValueError):
    """Helm did not render a chart; the text is its own."""


def find_chart(name: str) -> Path | None:
    """The chart in the folder that the environment names; None where it, the folder or `helm` is missing."""
    folder = os.environ.get(CHARTS, "")
    if not folder or shutil.which("helm") is None or not (Path(folder)).is_dir():
        return None
    pinned = chart(name)
    packed, unpacked = Path(folder) / f"{name}-{pinned.version}.tgz", Path(folder) / name
    if packed.is_file():
        return packed
    return unpacked if _version(unpacked) == pinned.version else None


def pull_command(pinned: PinnedChart) -> str:
    """The command that puts a chart into the folder."""
    place = pinned.address if pinned.repository.startswith("oci://") else f"{pinned.name} --repo {pinned.repository}"
    return f'helm pull {place} --version {pinned.version} --destination "${CHARTS}"'


def objects_inside(name: str, namespace: str, values: Mapping[str, object], kubernetes: str) -> list[dict[str, object]]:
    """The objects that a release would make, without what is null: the API server drops that too.

    Args:
        name: of the chart.
        namespace: of the release.
        values: those of the release, all known.
        kubernetes: minor version of the cluster.

    Raises:
        NotRendered: helm refuses the values or the chart.
    """
    place = find_chart(name)
    if place is None:
        return []
    with tempfile.TemporaryDirectory(prefix="mlplatform-chart-") as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(yaml.safe_dump(dict(values), sort_keys=True), "utf-8")
        words = ["helm", "template", name, str(place), "--namespace", namespace, "--values", str(file)]
        done = subprocess.run(
            [*words, "--kube-version", f"{kubernetes}.0", "--skip-crds", "--no-hooks"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            # nothing of the user's own repositories and plugins
            env={**os.environ, "HELM_CONFIG_HOME": folder, "HELM_CACHE_HOME": folder, "HELM_DATA_HOME": folder},
        )
    if done.returncode:
        raise NotRendered(f"{name} {chart(name).version}: {' '.join(done.stderr.split())[-600:]}")
    return list(_documents(done.stdout))


def _documents(text: str) -> Iterator[dict[str, object]]:
    for document in yaml.safe_load_all(text):
        if isinstance(document, dict) and document:
            body = cast("dict[str, object]", _without_null(cast("object", document)))
            if body.get("kind") != "CustomResourceDefinition":
                yield _settled(body)


def _settled(body: dict[str, object]) -> dict[str, object]:
    """The object without what a chart makes anew each time: generated secrets, and checksums over them."""
    if body.get("kind") == "Secret":
        for part in ("data", "stringData"):
            kept = body.get(part)
            if isinstance(kept, dict):
                body[part] = dict.fromkeys(cast("dict[str, object]", kept), _HIDDEN[part])
    return cast("dict[str, object]", _without_checksums(body))


def _without_checksums(value: object) -> object:
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            return {key: _without_checksums(item) for key, item in items if not key.startswith("checksum/")}
        case list():
            return [_without_checksums(item) for item in cast("list[object]", value)]
        case _:
            return value


def _without_null(value: object) -> object:
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            return {key: _without_null(item) for key, item in items if item is not None}
        case list():
            return [_without_null(item) for item in cast("list[object]", value)]
        case _:
            return value


def _version(folder: Path) -> str:
    file = folder / "Chart.yaml"
    if not file.is_file():
        return ""
    return str(cast("dict[str, object]", yaml.safe_load(file.read_text("utf-8"))).get("version", ""))
