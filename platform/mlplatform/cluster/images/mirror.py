"""Where each image of the layer is pulled from, and the one function that writes it into charts and objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Literal, TypeVar, cast

from mlplatform import discovery
from mlplatform.cluster.access_facts import ImageStore, KeepsImages
from mlplatform.cluster.images.address import ImageAddress, parse_image
from mlplatform.cluster.images.pulls import chart_images, image_values, merge_values
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

T = TypeVar("T")
Change = Callable[[ImageAddress], ImageAddress]

Way = Literal["cache", "copy", "own", "public"]
"""How an image comes: through a cache of the platform's registry, as a copy in it, as the platform's own, or from its
public registry."""

_SHORT = 12


@record(kw_only=True)
class Mirror:
    """Where one target pulls images from."""

    store: ImageStore
    """The platform's own place."""

    own: tuple[str, ...]
    """Beginnings of the addresses of the platform's own images."""

    through_platform: bool
    """Whether everything comes from the platform's registry."""

    digests: Mapping[str, str]
    """Digests that were read, by the image with its tag."""

    def source(self, image: ImageAddress) -> ImageAddress:
        """The image in its public registry, with its digest where one was read."""
        digest = image.digest or self.digests.get(str(image))
        return ImageAddress(host=image.host, path=image.path, tag=image.tag, digest=digest)

    def way(self, image: ImageAddress) -> Way:
        """How an image comes."""
        if any(f"{image.repository}/".startswith(f"{own}/") for own in (self.store.registry, *self.own)):
            return "own"
        if not self.through_platform:
            return "public"
        return "cache" if image.host in self.store.caches else "copy"

    def target(self, image: ImageAddress) -> ImageAddress:
        """The image as pods name it."""
        source = self.source(image)
        match self.way(image):
            case "own" | "public":
                return source
            case "cache":
                address = f"{self.store.caches[source.host]}/{source.path}"
            case "copy":
                address = f"{self.store.copies}/{source.host.replace(':', '-')}/{source.path}"
        host, _, path = address.partition("/")
        # an image without a tag would be cleaned up
        tag = source.tag or f"sha256-{(source.digest or '').removeprefix('sha256:')[:_SHORT]}"
        return ImageAddress(host=host, path=path, tag=tag, digest=source.digest)


def image_mirror(spec: PlatformSpec) -> Mirror:
    """Where a spec narrowed to one target pulls images from."""
    backend = discovery.backend(spec.targets[0].cloud)
    return Mirror(
        store=backend.load(KeepsImages)(spec),
        own=backend.own_images(spec),
        through_platform=spec.layer_images == "platform",
        digests=spec.pinned_images.digests if spec.pinned_images else {},
    )


def pulled_text(spec: PlatformSpec, image: str) -> str:
    """An image of somebody's own as pods name it; a text that is no address stays as it is.

    Args:
        spec: narrowed to one target.
        image: its address.
    """
    return cast("str", _image_text(image, image_mirror(spec).target))


def relocate_item(item: LayerItem, change: Change) -> LayerItem:
    """The same item with other addresses of its images."""
    match item.body:
        case ChartRelease() as release:
            values = _in_values(release.values, change)
            for pull, image in chart_images(release.chart, release.values):
                if (new := change(image)) != image:
                    values = merge_values(values, image_values(pull, new))
            if values == release.values:
                return item
            body = ChartRelease(chart=release.chart, namespace=release.namespace, values=values)
        case own:
            body = relocate_object(own, change)
            if body is own:
                return item
    return replace(item, body=body)


def relocate_object(body: KubeObject, change: Change) -> KubeObject:
    """The same object with other addresses of its images."""
    return _in_record(body, change)


def images_of(item: LayerItem | KubeObject) -> tuple[ImageAddress, ...]:
    """The images of an item, or of an object, each once."""
    found: dict[ImageAddress, None] = {}

    def note(image: ImageAddress) -> ImageAddress:
        found[image] = None
        return image

    if isinstance(item, LayerItem):
        relocate_item(item, note)
    else:
        relocate_object(item, note)
    return tuple(found)


def images_in(text: str | None) -> tuple[ImageAddress, ...]:
    """The image that a text names; none where it is no address."""
    found: list[ImageAddress] = []

    def note(image: ImageAddress) -> ImageAddress:
        found.append(image)
        return image

    _image_text(text, note)
    return tuple(found)


def _in_record(value: T, change: Change) -> T:
    """A record with its images changed, in it and in what it holds; the same one where nothing changes."""
    names, is_operand = _names(type(value))
    changes = dict(_operand(value, change)) if is_operand else {}
    for name in names:
        if name in changes:
            continue
        old = cast("object", getattr(value, name))
        new = _image_text(old, change) if name == "image" else _in_value(old, change)
        if new is not old:
            changes[name] = new
    return replace(cast("T", value), **changes) if changes else value  # pyright: ignore


@cache
def _names(kind: type) -> tuple[tuple[str, ...], bool]:
    """Names of the fields of a kind of record, and whether it is an operator's operand."""
    names = tuple(field.name for field in fields(kind))
    return names, {"repository", "image", "version"} <= set(names)


def _operand(value: object, change: Change) -> Iterator[tuple[str, object]]:
    """The image of an operator's operand, which has repository, name and version apart.

    The operator makes the tag of its driver itself, from the version and the node's system: no one digest fits.
    """
    folder, name, version = (str(getattr(value, key)) for key in ("repository", "image", "version"))
    systems = cast("tuple[str, ...]", getattr(value, "SYSTEMS", ()))
    found = [change(parse_image(f"{folder}/{name}:{version}{system}")) for system in systems or ("",)]
    host, _, path = found[0].repository.partition("/")
    folder_path, _, new_name = path.rpartition("/")
    yield "repository", f"{host}/{folder_path}"
    yield "image", new_name
    # "sha256:…" as a version is a digest, https://github.com/Mellanox/network-operator/blob/v26.4.1/pkg/render/render.go
    yield "version", version if systems else found[0].digest or version


def _in_value(value: object, change: Change) -> object:
    match value:
        case None | str() | int() | float():
            return value
        case Mapping():
            return _in_values(cast("Mapping[str, object]", value), change)
        case tuple() | list():
            items = list(cast("tuple[object, ...]", value))
            new = [_in_value(item, change) for item in items]
            same = all(one is other for one, other in zip(items, new, strict=True))
            return cast("object", value) if same else tuple(new) if isinstance(value, tuple) else new
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _in_record(value, change)
        case _:
            return value


def _in_values(values: Mapping[str, object], change: Change) -> Mapping[str, object]:
    """Values, or any other map, with the images changed that stand in it whole, as `image: …`."""
    new = {
        key: _image_text(value, change) if key == "image" else _in_value(value, change) for key, value in values.items()
    }
    return values if all(new[key] is value for key, value in values.items()) else new


def _image_text(value: object, change: Change) -> object:
    """An address that is written whole; the name alone, with its registry elsewhere, is none."""
    if not isinstance(value, str):
        return _in_value(value, change)
    if "/" not in value or not ({":", "@"} & set(value.rpartition("/")[2])):
        return value
    try:
        old = parse_image(value)
    except ValueError:
        # a template of another tool, which fills it in
        return value
    new = change(old)
    return value if new == old else str(new)
