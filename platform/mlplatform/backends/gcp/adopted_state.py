"""What a Terraform state on Google Cloud has that a target can use. Imports no SDK.

Attributes: https://registry.terraform.io/providers/hashicorp/google/latest/docs
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlplatform.components.adopted_parts import note_choices, note_rest, repositories
from mlplatform.components.adoption import Given
from mlplatform.components.foreign_resource import ForeignResource

_NAME = r"(.*/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_REPOSITORY = r"projects/[^/]+/locations/[^/]+/repositories/[^/]+"
_READ = (
    "google_compute_network", "google_compute_subnetwork", "google_container_cluster", "google_container_node_pool",
    "google_artifact_registry_repository", "google_storage_bucket", "google_kms_crypto_key",
)  # fmt: skip
_RANGES = {"pods_range": r"pod", "services_range": r"svc|service"}
"""Words in the names of secondary ranges."""


def network_of(given: Given, known: Mapping[str, str | None]) -> dict[str, str]:
    """The network, its subnet and that one's ranges, as far as they are not known; several are refused."""
    found: dict[str, str] = {}
    network = known["network"]
    if network is None:
        vpc = given.only("network.network", _NAME, given.of("google_compute_network"))
        if vpc is None:
            return {}
        network = found["network"] = vpc.text("name")
    inside = [each for each in given.of("google_compute_subnetwork") if _last(each.text("network")) == _last(network)]
    nodes = {_last(each.text("subnetwork")) for each in given.of("google_container_cluster")}
    of_nodes = [each for each in inside if each.text("name") in nodes]
    name = known["subnet"]
    if name is None:
        # a subnet of a load balancer or of a connection takes no machines
        plain = [each for each in inside if each.text("purpose") in ("", "PRIVATE")]
        subnet = given.only("network.subnet", _NAME, of_nodes if len(of_nodes) == 1 else plain)
    else:
        subnet = next((each for each in inside if each.text("name") == _last(name)), None)
    if subnet is None:
        return found
    found["subnet"] = subnet.text("name")
    for field in _RANGES:
        if known[field] is None and (text := _range(given, subnet, field)):
            found[field] = text
            given.used[f"network.{field}"] = subnet.address
    return found


def existing_of(given: Given) -> dict[str, object]:
    """A cluster and repositories, as a target's `existing` has them; the rest is noted."""
    existing: dict[str, object] = {}
    if cluster := _cluster(given):
        existing["cluster"] = cluster
    images = [each for each in given.of("google_artifact_registry_repository") if each.text("format") == "DOCKER"]
    if named := repositories(given, images, _REPOSITORY, "id"):
        existing["registry"] = {"repositories": named}
    fields = {
        "google_storage_bucket": "existing.buckets.<place>",
        "google_kms_crypto_key": "existing.keys.default",
    }
    note_choices(given, fields, lambda each: each.text("id") or each.text("name"))
    note_rest(given, _READ)
    return existing


def _cluster(given: Given) -> dict[str, object]:
    cluster = given.only("existing.cluster", r".+", given.of("google_container_cluster"))
    if cluster is None:
        return {}
    name = cluster.text("name")
    pools = [each for each in given.of("google_container_node_pool") if _last(each.text("cluster")) == name]
    accounts = {each.inner("node_config", "service_account") for each in pools} - {"", "default"}
    zones = cluster.texts("node_locations")
    if len(accounts) != 1 or not zones:
        lacks = f"{len(accounts)} service accounts of nodes" if len(accounts) != 1 else "no zones of nodes"
        given.used.pop("existing.cluster")
        given.notes.append(
            f"{cluster.address} ({name}): not used, the state has {lacks}; write existing.cluster yourself"
        )
        return {}
    part: dict[str, object] = {"cluster_name": name, "node_service_account": accounts.pop(), "zones": sorted(zones)}
    return {**part, "location": cluster.text("location")} if cluster.text("location") else part


def _range(given: Given, subnet: ForeignResource, field: str) -> str:
    """The secondary range of pods or services: the one that a cluster of the subnet uses, or the one with the word."""
    names = [str(each.get("range_name", "")) for each in subnet.blocks("secondary_ip_range")]
    attribute = "cluster_secondary_range_name" if field == "pods_range" else "services_secondary_range_name"
    used = {
        each.inner("ip_allocation_policy", attribute)
        for each in given.of("google_container_cluster")
        if _last(each.text("subnetwork")) == subnet.text("name")
    } & set(names)
    fitting = sorted(used) or [name for name in names if re.search(_RANGES[field], name)]
    if len(fitting) > 1:
        given.refuse(f"network.{field}", f"several ranges of {subnet.address}: {', '.join(fitting)}", "one")
    return fitting[0] if len(fitting) == 1 else ""


def _last(name: str) -> str:
    """The name of a link or path."""
    return name.rpartition("/")[2]
