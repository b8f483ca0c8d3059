"""The digests of the images that the layer pulls, as `mlplatform render images --resolve` read them.

One reviewed file per environment, `images/<environment>.json` beside the spec. A tag can be moved to another image, a
digest cannot; an image that the file does not name is pulled by its tag.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.spec.base import SpecModel

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
TaggedImage = Annotated[
    str, StringConstraints(max_length=400, pattern=r"^[a-z0-9][a-z0-9.:_-]*/[a-z0-9][a-z0-9._/-]*:\w[\w.-]{0,127}$")
]

IMAGES_FOLDER = "images"
"""Folder of the digests, beside the spec files."""


class PinnedImages(SpecModel):
    """The digests of one platform's images in one environment."""

    images_version: Literal[1] = 1
    """Version of this format."""

    platform: str
    """Name of the platform, as in its spec."""

    environment: str
    """Environment of the platform, as in its spec and in the file's name."""

    as_of: date
    """The day on which the registries were asked."""

    digests: dict[TaggedImage, Digest] = Field(default_factory=dict)
    """Digest by image, with its public registry and its tag: `registry.k8s.io/kueue/kueue:v0.19.2`."""
