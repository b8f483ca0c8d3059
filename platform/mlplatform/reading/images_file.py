"""Reads and writes the digests of the layer's images beside a spec."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mlplatform.reading.beside import read_beside, write_whole
from mlplatform.spec.pinned_images import IMAGES_FOLDER, PinnedImages
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_AGAIN = "let `mlplatform render images --resolve` write it again"


def images_file(spec_file: Path, spec: PlatformSpec) -> Path:
    """The digests of a spec's environment: `images/<environment>.json` in the folder of the spec's file."""
    return spec_file.parent / IMAGES_FOLDER / f"{spec.environment}.json"


def read_images(file: Path, spec: PlatformSpec) -> tuple[PinnedImages | None, tuple[Problem, ...]]:
    """The digests, and their problems; None where there are none or they are refused.

    Args:
        file: where they are.
        spec: the platform that they must belong to.
    """
    return read_beside(file, spec, PinnedImages, "digests of images", _AGAIN)


def unused_digests(spec: PlatformSpec, file: Path) -> Iterator[Problem]:
    """Digests of images that no target pulls: a newer version of a chart has others, which would go by their tags."""
    if spec.pinned_images is None or not spec.pinned_images.digests:
        return
    from mlplatform.cluster.content import layer_context, layer_images

    pulled = {
        str(image)
        for target in (spec.targets if spec.cluster else ())
        for image in layer_images(layer_context(spec, target.name))
    }
    for image in spec.pinned_images.digests:
        if image not in pulled:
            yield Problem(
                f"digests[{image}]",
                "the digest of an image that no target pulls",
                "images of the plan",
                _AGAIN,
                file=str(file),
            )


def write_images(file: Path, pinned: PinnedImages) -> None:
    """Write the digests, sorted, whole or not at all."""
    write_whole(file, json.dumps(pinned.model_dump(mode="json"), indent=2, sort_keys=True) + "\n")
