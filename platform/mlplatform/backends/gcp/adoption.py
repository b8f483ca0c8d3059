"""Resources of GCP that can be adopted from another tool's outputs, as terraform-google-modules names them. No SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.adopted_state import existing_of, network_of
from mlplatform.components.adopted_parts import is_whole, refuse_other_cloud
from mlplatform.components.adoption import Given
from mlplatform.spec.artifact_store import PLACES

_NAME = r"(.*/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
"""A name, or the self link that ends in it."""
_KEY = r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+"
_BUCKET = r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]"


def build(given: Given) -> dict[str, dict[str, object]]:
    """Fields of the target, and existing resources for the component library.

    https://registry.terraform.io/modules/terraform-google-modules/network/google/latest?tab=outputs
    """
    refuse_other_cloud(given, "google_")
    target: dict[str, object] = {}
    if network := _network(given):
        target["network"] = network
    existing: dict[str, object] = {}
    names = {
        place: given.text(f"existing.buckets.{place}", _BUCKET, f"{place}_bucket", f"{place}_bucket_name")
        for place in PLACES
    }
    if buckets := {place: name for place, name in names.items() if name}:
        existing["buckets"] = buckets
    if key := given.text("existing.keys.default", _KEY, "kms_key_id", "crypto_key_id", "kms_key"):
        existing["keys"] = {"default": key}
    if given.resources and (parts := existing_of(given)):
        target["existing"] = parts
    return {"target": target, "existing": existing}


def _network(given: Given) -> dict[str, object]:
    needed = {
        "network": ("network_name", "vpc_name", "network"),
        "subnet": ("subnet_name", "subnetwork", "subnets_names", "subnet"),
        "pods_range": ("pods_range_name", "ip_range_pods", "pods_range"),
        "services_range": ("services_range_name", "ip_range_services", "services_range"),
    }
    fields = {field: given.text(f"network.{field}", _NAME, *names) for field, names in needed.items()}
    in_state = network_of(given, fields)
    fields = {field: name or in_state.get(field) for field, name in fields.items()}
    apps = given.text("network.apps_subnet", _NAME, "apps_subnet_name", "apps_subnet")
    project = given.text(
        "network.project",
        r"[a-z][-a-z0-9]{4,28}[a-z0-9]",
        "network_project_id",
        "host_project_id",
        "svpc_host_project_id",
    )
    if not is_whole(given, "network", fields):
        return {}
    names_or_links = {**fields, "apps_subnet": apps}
    network: dict[str, object] = {field: name.rpartition("/")[2] for field, name in names_or_links.items() if name}
    return {**network, "project": project} if project else network
