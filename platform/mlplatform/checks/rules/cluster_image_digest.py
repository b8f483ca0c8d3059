"""In production, the layer pulls its images by digest."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.pulled_images import LAYER, pulled_images
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.cluster.images.address import ImageAddress

_COMPOSED = "ofedDriver.image"
"""The operator makes the tag of this driver from the node's system: there is no place for a digest."""


def _by_tag(resource: Resource) -> Iterator[CheckFault]:
    first = resource.index.cached(_first_uses)
    for path, image in pulled_images(resource):
        # each image is told once, and not of every pool that has it
        if image.digest is None and not path.endswith(_COMPOSED) and first.get(image) == resource.step.urn:
            name = f"{image.path.rpartition('/')[2]}:{image.tag}"
            yield CheckFault(f"{shown(name)} is pulled by its tag.", path)


def _first_uses(index: PlanIndex) -> dict[ImageAddress, str]:
    found: dict[ImageAddress, str] = {}
    for types in LAYER:
        for resource in index.of_type(types):
            for _, image in pulled_images(resource):
                found[image] = min(found.get(image, resource.step.urn), resource.step.urn)
    return found


def _is_production(resource: Resource) -> bool:
    # objects of Kubernetes have no tags of their own
    return resource.index.environment not in ("", "dev", "staging")


RULE = CheckRule(
    id="cluster-image-digest",
    level="medium",
    topic="cluster",
    title="The cluster pulls its images by digest",
    why="A tag can be moved to another image, which then runs with the rights of a controller or of a node's root.",
    fix="Run `mlplatform render images SPEC --target TARGET --resolve`, and review images/ENVIRONMENT.json.",
    entries=(
        Entry(
            LAYER,
            _by_tag,
            link="https://kubernetes.io/docs/concepts/containers/images/#image-names",
            when=_is_production,
            siblings=True,
        ),
    ),
)
