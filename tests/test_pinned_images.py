"""Images that the platform names itself: one version of each, whichever cloud runs it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

SOURCES = Path(__file__).parent.parent / "platform" / "mlplatform"

_IMAGE = re.compile(
    r'"(?:docker\.io/)?((?:[a-z0-9][a-z0-9._-]*/)+[a-z0-9][a-z0-9._-]*):(v?\d+(?:\.\d+)+)(?:-[a-z0-9]+)*"'
)

TWO_VERSIONS = {
    # the server of models is of the version that Azure's client of the tracking server takes (mlflow-skinny <= 3.15),
    # so that one model is logged and served by it on each cloud
    "ghcr.io/mlflow/mlflow": {"v3.15.1", "v3.16.1"},
}
"""Images that are there for two purposes, each with its own version."""


def pinned() -> dict[str, dict[str, set[str]]]:
    """Versions of each image, with the files that name them."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in SOURCES.rglob("*.py"):
        for match in _IMAGE.finditer(file.read_text("utf-8")):
            found[match[1]][match[2]].add(str(file.relative_to(SOURCES)))
    return found


def test_the_known_images_are_found() -> None:
    """Else the next test could not fail."""
    assert {"vllm/vllm-openai", "tensorflow/serving", "nvcr.io/nvidia/tritonserver"} <= set(pinned())


def test_an_image_has_one_version_on_every_cloud() -> None:
    """Azure once ran vLLM 0.11 where the cluster ran 0.28: another server, with other metrics and models."""
    several = {name: dict(versions) for name, versions in pinned().items() if len(versions) > 1}
    assert {name: set(versions) for name, versions in several.items()} == TWO_VERSIONS, several
