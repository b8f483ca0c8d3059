"""The images of the layer: where each is pulled from, and by which digest."""

from __future__ import annotations

import re
from datetime import date

import pytest

from mlplatform import ClusterSpec, NetworkSpec, RegistrySpec, discovery
from mlplatform.cluster.charts.registry import chart, chart_names, check_values
from mlplatform.cluster.content import layer_context, layer_images, layer_items
from mlplatform.cluster.images.address import ImageAddress, parse_image
from mlplatform.cluster.images.mirror import image_mirror, images_of, relocate_item
from mlplatform.cluster.images.pulls import chart_images, image_values, merge_values
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.nics import NicClusterPolicy
from mlplatform.spec.pinned_images import PinnedImages

from ..conftest import CLOUDS
from .conftest import small_spec

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
        ("ubuntu", ImageAddress(host="docker.io", path="library/ubuntu", tag="latest")),
        ("rayproject/ray:2.9", ImageAddress(host="docker.io", path="rayproject/ray", tag="2.9")),
        ("docker.io/busybox:1", ImageAddress(host="docker.io", path="library/busybox", tag="1")),
        (f"gcr.io/a/b@{DIGEST}", ImageAddress(host="gcr.io", path="a/b", digest=DIGEST)),
        (f"host:5000/a:v1@{DIGEST}", ImageAddress(host="host:5000", path="a", tag="v1", digest=DIGEST)),
    ],
)
def test_an_address_is_read_as_a_container_runtime_reads_it(text: str, expected: ImageAddress) -> None:
    assert parse_image(text) == expected


@pytest.mark.parametrize("text", ["", "Upper/Case:v1", "a/b:v1@sha256:short", "a b", "https://x/y:1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="REGISTRY/REPOSITORY"):
        parse_image(text)


def _items(cloud: str, **changes: object) -> tuple[LayerItem, ...]:
    return layer_items(layer_context(small_spec(cloud, **changes), cloud))


OWN = {
    "aws": "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/copies/",
    "gcp": "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-copies/",
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_everything_comes_from_the_platforms_registry_and_nothing_else(cloud: str) -> None:
    public = ClusterSpec(images="public", engines=("trainer", "ray"))
    before = {image for item in _items(cloud, cluster=public) for image in images_of(item)}
    after = {image for item in _items(cloud, cluster=public.overlay(images="platform")) for image in images_of(item)}
    assert len(after) == len(before) > 5
    hosts = {image.host for image in after}
    assert len(hosts) == 1
    assert hosts.isdisjoint({image.host for image in before})
    copies = OWN.get(cloud) or f"{hosts.copy().pop()}/copies/"
    assert {str(image).removeprefix(copies) for image in after if image.digest is None} == {
        str(image) for image in before if image.digest is None
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_upstream_with_a_cache_needs_no_copy(cloud: str) -> None:
    registry = RegistrySpec(pull_through=("registry.k8s.io",))
    spec = small_spec(cloud, cluster=ClusterSpec(images="platform"), registry=registry)
    mirror = image_mirror(spec.on(cloud))
    kueue = parse_image("registry.k8s.io/kueue/kueue:v0.19.2")
    assert mirror.way(kueue) == "cache"
    assert str(mirror.target(kueue)).endswith("registry-k8s-io/kueue/kueue:v0.19.2")
    assert mirror.way(mirror.target(kueue)) == "own"
    assert mirror.way(parse_image("quay.io/kuberay/operator:v1.7.0")) == "copy"
    assert mirror.way(parse_image(f"{mirror.store.registry}/somebody/elses:v1")) == "own"
    assert mirror.way(parse_image("us-central1-docker.pkg.dev/strangers/project:v1")) == "copy"


def test_a_digest_that_was_read_is_what_nodes_pull() -> None:
    pinned = PinnedImages(
        platform="acme-ml",
        environment="dev",
        as_of=date(2026, 11, 29),
        digests={"registry.k8s.io/kueue/kueue:v0.19.2": DIGEST},
    )
    for cluster, start in (
        (ClusterSpec(images="public"), "registry.k8s.io"),
        (ClusterSpec(images="platform"), OWN["aws"] + "registry.k8s.io"),
    ):
        spec = small_spec("aws", cluster=cluster).with_pinned_images(pinned)
        images = {str(image) for item in layer_items(layer_context(spec, "aws")) for image in images_of(item)}
        assert f"{start}/kueue/kueue:v0.19.2@{DIGEST}" in images


def test_an_image_without_a_tag_gets_one_where_untagged_ones_are_cleaned_up() -> None:
    mirror = image_mirror(small_spec("gcp", cluster=ClusterSpec(images="platform")).on("gcp"))
    copy = mirror.target(parse_image(f"gcr.io/gke-release/nri-device-injector@{DIGEST}"))
    assert str(copy) == f"{OWN['gcp']}gcr.io/gke-release/nri-device-injector:sha256-aaaaaaaaaaaa@{DIGEST}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "public"),
        ({"environment": "prod"}, "platform"),
        ({"network": NetworkSpec(nat="none")}, "platform"),
        ({"cluster": ClusterSpec(images="public"), "environment": "prod"}, "public"),
    ],
)
def test_production_and_networks_without_a_way_out_use_the_platforms_registry(
    changes: dict[str, object], expected: str
) -> None:
    assert small_spec("aws", **changes).layer_images == expected


def test_the_copies_have_a_name_of_their_own() -> None:
    with pytest.raises(ValueError, match="copies-images"):
        small_spec("gcp", cluster=ClusterSpec(images="platform"), registry=RegistrySpec(repositories=("copies",)))


def test_the_driver_whose_tag_the_operator_makes_is_copied_for_each_system_of_a_node() -> None:
    layer = layer_context(small_spec("azure", cluster=ClusterSpec(images="platform")), "azure")
    drivers = [image for image in layer_images(layer) if image.path.endswith("doca-driver")]
    assert [image.tag for image in drivers if image.tag] == [image.tag for image in drivers]
    assert {(image.tag or "").rpartition("-ubuntu")[2] for image in drivers} == {"22.04-amd64", "24.04-amd64"}
    (policy,) = [item.body for item in layer_items(layer) if isinstance(item.body, NicClusterPolicy)]
    assert policy.spec.ofed_driver.repository.endswith("/copies/nvcr.io/nvidia/mellanox")
    assert policy.spec.ofed_driver.version.startswith("doca3")
    assert policy.spec.sriov_device_plugin.repository.endswith("/copies/nvcr.io/nvidia/mellanox")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_network_without_a_way_out_reaches_no_public_registry(cloud: str) -> None:
    for cluster, refused in ((ClusterSpec(images="public"), True), (ClusterSpec(), False)):
        spec = small_spec(cloud, cluster=cluster, network=NetworkSpec(nat="none"))
        problems = discovery.backend(cloud).problems(spec.on(cloud))
        assert ("cluster.images" in [problem.path for problem in problems]) is refused


def test_the_plan_says_what_is_copied_and_what_is_pulled_by_tag() -> None:
    told: dict[str, list[str]] = {}
    for cluster in (ClusterSpec(images="public"), ClusterSpec(images="platform")):
        layer = layer_context(small_spec("gcp", cluster=cluster), "gcp")
        told[str(cluster.images)] = [
            note.text for note in layer_notes(layer, layer_items(layer)) if note.path == "cluster.images"
        ]
    assert ["by tag" in text for text in told["public"]] == [True]
    assert ["copied" in text for text in told["platform"]] == [True, False]


def test_images_among_the_values_of_a_chart_are_found_and_templates_are_left_alone() -> None:
    profiles = [{"image": "quay.io/jupyter/pytorch:2026-01"}, {"image": "{{ other/image:v1 }}"}, {"image": "name"}]
    body = ChartRelease(chart="jobset", namespace="a", values={"profiles": profiles})
    item = LayerItem(role="a", stage="jobs", body=body)
    assert {str(image) for image in images_of(item)} == {
        "quay.io/jupyter/pytorch:2026-01",
        "registry.k8s.io/jobset/jobset:v0.12.0",
    }
    mirror = image_mirror(small_spec("gcp", cluster=ClusterSpec(images="platform")).on("gcp"))
    moved = relocate_item(item, mirror.target).body
    assert isinstance(moved, ChartRelease)
    assert moved.values["profiles"] == [
        {"image": f"{OWN['gcp']}quay.io/jupyter/pytorch:2026-01"},
        *profiles[1:],
    ]
