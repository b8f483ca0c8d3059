"""The images of the layer: where each is pulled from, and by which digest."""

from __future__ import annotations

import re

import pytest

from mlplatform.cluster.charts.registry import chart, chart_names, check_values
from mlplatform.cluster.images.pulls import chart_images, image_values, merge_values
from mlplatform.cluster.images.reference import ImageReference, parse_image

DIGEST = "sha256:" + "a" * 64
PARTS = [{"repository", "tag"}, {"reference"}, {"host", "path", "tag"}, {"folder", "name", "tag"}]


@pytest.mark.parametrize("name", chart_names())
def test_every_image_of_a_chart_can_be_pulled_from_elsewhere_by_its_digest(name: str) -> None:
    assert chart(name).pulls, "a chart lists its images as [[pulls]], with the values that name them"
    for pull, image in chart_images(name, {}):
        assert str(image) == pull.image
        wanted = parse_image(f"registry.example/own/copies/{image.path}:{image.tag}@{DIGEST}")
        values = image_values(pull, wanted)
        check_values(name, values)
        used = {part for template in pull.values.values() for part in re.findall(r"\{(\w+)\}", template)}
        assert used in PARTS, "these values do not say all of the address"
        again = {other.image: found for other, found in chart_images(name, values)}
        assert again[pull.image] == wanted


def test_the_values_of_a_release_decide_what_is_pulled() -> None:
    ((_, image),) = chart_images("cluster-autoscaler", {"image": {"tag": "v1.36.1"}})
    assert str(image) == "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1"
    assert merge_values({"a": {"b": 1}, "c": 2}, {"a": {"d": 3}}) == {"a": {"b": 1, "d": 3}, "c": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ubuntu", ImageReference(host="docker.io", path="library/ubuntu", tag="latest")),
        ("rayproject/ray:2.9", ImageReference(host="docker.io", path="rayproject/ray", tag="2.9")),
        ("docker.io/busybox:1", ImageReference(host="docker.io", path="library/busybox", tag="1")),
        (f"gcr.io/a/b@{DIGEST}", ImageReference(host="gcr.io", path="a/b", digest=DIGEST)),
        (f"host:5000/a:v1@{DIGEST}", ImageReference(host="host:5000", path="a", tag="v1", digest=DIGEST)),
    ],
)
def test_an_address_is_read_as_a_container_runtime_reads_it(text: str, expected: ImageReference) -> None:
    assert parse_image(text) == expected


@pytest.mark.parametrize("text", ["", "Upper/Case:v1", "a/b:v1@sha256:short", "a b", "https://x/y:1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="REGISTRY/REPOSITORY"):
        parse_image(text)
