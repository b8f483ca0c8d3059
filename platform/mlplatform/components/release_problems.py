"""Releases that contradict the spec, or that a cloud refuses."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.backend import Backend
from mlplatform.components.releases import (
    Served,
    apply_record,
    plain_image,
    promote_command,
    releases_of,
    variant_paths,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import FormerRelease


def problems_once_released(spec: PlatformSpec, backend: Backend) -> tuple[Problem, ...]:
    """What a cloud refuses in what is released, beyond what it refuses in the spec as it is wanted.

    Pipelines are left out: a release changes none of them, and the endpoint whose released model they read may still
    wait, so that it seems to serve none.

    Args:
        spec: narrowed to one target, with its record.
        backend: the target's cloud.
    """
    return backend.problems(apply_record(spec, backend).model_copy(update={"pipelines": ()}))


def unused_releases(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Places in the record that this spec has no endpoint, variant or shadow for, with what is missing."""
    if spec.record is None:
        return
    target = spec.targets[0].name
    known = {endpoint.name: endpoint for endpoint in spec.endpoints}
    for name, releases in sorted(spec.record.targets.get(target, {}).items()):
        endpoint = known.get(name)
        if endpoint is None:
            yield f"{target}.{name}", f"an endpoint '{name}'"
            continue
        names = {variant.name for variant in endpoint.all_variants()}
        names |= {endpoint.shadow.name} if endpoint.shadow else set()
        for variant in sorted(releases.keys() - names):
            yield f"{target}.{name}.{variant}", f"a variant or shadow '{variant}'"


def release_problems(spec: PlatformSpec, backend: Backend, *, own_store: bool = True) -> Iterator[Problem]:
    """Releases that contradict the spec of one target: another model, another pinned version, another image or store.

    Args:
        spec: narrowed to one target.
        backend: the target's cloud.
        own_store: whether the platform's own store holds the models. Omitted: it does.
    """
    for index, endpoint in enumerate(spec.endpoints):
        found = releases_of(spec, endpoint.name)
        for path, variant in variant_paths(endpoint):
            release = found.get(variant.name)
            if release:
                at = f"endpoints[{index}].{path}"
                yield from release_refusals(spec, endpoint, variant, release, at, backend, own_store=own_store)


def release_refusals(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: Served,
    release: FormerRelease,
    path: str,
    backend: Backend,
    *,
    own_store: bool = True,
) -> Iterator[Problem]:
    """Why one release cannot serve one variant.

    Args:
        spec: the platform, narrowed to one target.
        endpoint: the endpoint as it is wanted.
        variant: its variant or shadow.
        release: the release.
        path: field path of the variant's model in the spec.
        backend: the target's cloud.
        own_store: whether the platform's own store holds the models. Omitted: it does.
    """
    key = spec.targets[0].name
    if variant.model:
        name, version = split_model(variant.model)
        if (release.model, release.version) != (name, version or release.version):
            wanted = f"model {variant.model}" if version else f"a version of model {name}"
            yield backend.refuse(
                path,
                f"{variant.model} here, and {release.path or 'an image without a model'} in the record of {key}",
                f"the same in both: the record releases {wanted} where the spec names it",
                f"`{promote_command(spec, endpoint, variant, backend)}`, or write "
                f"{release.path or 'no model'} here, or {name} to follow the record",
            )
    image = plain_image(variant.image or endpoint.image)
    if image and release.image and plain_image(release.image) != image:
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{image} here, and {release.image} in the record of {key}",
            "the same image in both",
            f"write {release.image} here, or release this one: `{promote_command(spec, endpoint, variant, backend)}`",
        )
    pinned = (variant.image or endpoint.image or "").partition("@")[2]
    if pinned and release.image_digest and pinned != release.image_digest:
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{pinned} here, and {release.image_digest} in the record of {key}",
            "the same digest in both",
            "write the image without its digest here: the record has it",
        )
    if release.image_digest and not (release.image or image):
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{release.image_digest} in the record of {key}, and no image",
            "the image that the digest belongs to",
            "name the image here, or release it with `--image`",
        )
    place = backend.models_uri(spec) if own_store else ""
    if release.artifact and place and not release.artifact.startswith(f"{place}/"):
        yield backend.refuse(
            path,
            f"{release.artifact} in the record of {key}",
            f"an artefact in this target's own store, {place}/: no identity of the endpoint may read another one",
            f"`{promote_command(spec, endpoint, variant, backend)}` copies it there and records the address",
        )
