"""The images of one target: from where, to where, and by which digest."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from mlplatform.cluster.access_facts import ImageStore
from mlplatform.cluster.content import layer_context, layer_images
from mlplatform.cluster.images.address import ImageAddress
from mlplatform.cluster.images.mirror import Way, image_mirror
from mlplatform.components.imagined_releases import IMAGINED_DIGEST, as_released
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

_WAYS: dict[Way, str] = {
    "cache": "through the registry's cache",
    "copy": "a copy",
    "own": "the platform's own",
    "public": "from its public registry",
}


@record(kw_only=True)
class ListedImage:
    """One image that nodes pull."""

    source: ImageAddress
    """Where its maker keeps it, with its digest where that is known."""

    target: ImageAddress
    """Where nodes pull it from."""

    way: Way
    """How it comes there."""

    used_by: tuple[str, ...]
    """The items of the layer that use it."""


@record(kw_only=True)
class ImageList:
    """All images of one target."""

    stack: str
    """Platform, environment and target, for people."""

    store: ImageStore
    """The platform's own place for images."""

    images: tuple[ListedImage, ...]
    """By their source."""


def list_images(spec: PlatformSpec, target: str) -> ImageList:
    """The images of one target.

    Args:
        spec: the platform, with a layer inside its cluster.
        target: name of the target.
    """
    # what will be released is pulled too, and must be there before
    layer = layer_context(as_released(spec, (target,), open_too=True), target)
    mirror = image_mirror(layer.spec)
    return ImageList(
        stack=f"{spec.name} {spec.environment} on {target}",
        store=mirror.store,
        images=tuple(
            ListedImage(source=mirror.source(image), target=mirror.target(image), way=mirror.way(image), used_by=users)
            for image, users in layer_images(layer).items()
            # one that CI will push
            if image.digest != IMAGINED_DIGEST
        ),
    )


def images_text(listed: ImageList) -> str:
    """The list for people."""
    lines: list[str] = []
    for image in listed.images:
        how = f"by digest {image.source.digest}" if image.source.digest else "by tag"
        lines += [
            str(ImageAddress(host=image.source.host, path=image.source.path, tag=image.source.tag)),
            f"  {_WAYS[image.way]}, {how}; for {', '.join(image.used_by)}",
        ]
        if image.target.repository != image.source.repository:
            lines.append(f"  {image.target.repository}:{image.target.tag}")
    by_tag = sum(image.source.digest is None for image in listed.images)
    ends = [f"{len(listed.images)} images for {listed.stack}"]
    if by_tag:
        ends.append(f"{by_tag} by tag: --resolve asks the registries for their digests")
    if copies := sum(image.way == "copy" for image in listed.images):
        ends.append(f"{copies} to copy: --format script writes the commands")
    return "\n".join([*lines, "", *ends]) + "\n"


def images_json(listed: ImageList) -> str:
    """The list for programs."""
    body = {
        "images": [
            {
                "source": str(image.source),
                "target": str(image.target),
                "way": image.way,
                "digest": image.source.digest,
                "usedBy": list(image.used_by),
            }
            for image in listed.images
        ]
    }
    return json.dumps(body, indent=2) + "\n"


def images_script(listed: ImageList) -> str:
    """A script of bash that copies what must be copied, and leaves what is there."""
    return "\n".join(_script(listed)) + "\n"


def _script(listed: ImageList) -> Iterator[str]:
    store, copies = listed.store, [image for image in listed.images if image.way == "copy"]
    yield "#!/usr/bin/env bash"
    yield f"# Copies the images that the cluster pulls into the registry of {listed.stack}."
    yield "# Made by `mlplatform render images --format script`. It needs the right to push there."
    yield "set -euo pipefail"
    if not copies:
        yield "# nothing to copy"
        return
    tool = store.copy.partition(" ")[0]
    yield f"command -v {tool} >/dev/null || {{ echo 'this needs {tool} on PATH' >&2; exit 1; }}"
    yield from store.login
    hosts = sorted({image.source.host for image in copies})
    if store.source_hosts:
        for host in hosts:
            if re.fullmatch(store.source_hosts, host):
                yield store.source_login.format(host=host)
    yield f"copy() {{ {store.copy}; }}"
    for image in copies:
        target = ImageAddress(host=image.target.host, path=image.target.path, tag=image.target.tag)
        # a source with both is refused by some tools: the digest says more than the tag
        tag = None if image.source.digest else image.source.tag
        source = ImageAddress(host=image.source.host, path=image.source.path, tag=tag, digest=image.source.digest)
        yield f"copy {shlex.quote(str(source))} {shlex.quote(str(target))}"
