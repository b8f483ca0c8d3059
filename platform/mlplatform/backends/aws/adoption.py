"""Adoption of another tool's outputs, by the names of terraform-aws-modules. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.adoption import Given
from mlplatform.spec.artifact_store import PLACES

_SUBNET = r"subnet-[0-9a-f]{8,17}"
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_KEY = r"arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-zA-Z-]+"


def build(given: Given) -> dict[str, dict[str, object]]:
    """Fields of the target, and identifiers of existing resources for the component library.

    https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws/latest?tab=outputs
    """
    target: dict[str, object] = {}
    if network := _network(given):
        target["network"] = network
    provider = r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:oidc-provider/.+"
    # a cluster's module calls its own provider `oidc_provider_arn` too
    if arn := given.text("oidc_provider_arn", provider, "github_oidc_provider_arn", "gitlab_oidc_provider_arn"):
        target["oidc_provider_arn"] = arn
    existing: dict[str, object] = {}
    names = {
        place: given.text(
            f"existing.buckets.{place}", _BUCKET, f"{place}_bucket", f"{place}_bucket_id", f"{place}_bucket_name"
        )
        for place in PLACES
    }
    if buckets := {place: name for place, name in names.items() if name}:
        existing["buckets"] = buckets
    if key := given.text("existing.keys.default", _KEY, "kms_key_arn", "key_arn"):
        existing["keys"] = {"default": key}
    return {"target": target, "existing": existing}


def _network(given: Given) -> dict[str, object]:
    vpc = given.text("network.vpc_id", r"vpc-[0-9a-f]{8,17}", "vpc_id")
    subnets = _subnets(given)
    address = r"[0-9.]+/[0-9]{1,2}"
    cidrs = given.texts("network.cidrs", address, "vpc_cidr_blocks", "vpc_cidr_block")
    cidrs += given.texts("network.more_cidrs", address, "vpc_secondary_cidr_blocks")
    fields = {"vpc_id": vpc, "subnets": subnets, "cidrs": cidrs}
    missing = [field for field, value in fields.items() if not value]
    if len(missing) == len(fields):
        return {}
    for field in missing:
        given.refuse(f"network.{field}", "no output for it", "an output, as for the other fields of the network")
    return {} if missing else dict(fields)


def _subnets(given: Given) -> dict[str, str]:
    names = ("private_subnets", "private_subnet_ids", "subnet_ids", "subnets")
    by_zone = given.mapping("network.subnets", _SUBNET, *names)
    if by_zone is not None:
        return by_zone
    ids = given.texts("network.subnets", _SUBNET, *names)
    zones = given.texts("zones", r"[a-z]{2,4}(-[a-z]+)+-[0-9][a-z]", "azs", "availability_zones")
    if ids and len(zones) != len(ids):
        given.refuse("zones", f"{len(zones)} zones for {len(ids)} subnets", "one zone per subnet, in the same order")
        return {}
    if len(set(zones)) != len(zones):
        given.refuse("network.subnets", "several subnets in one zone", "one subnet per zone")
        return {}
    return dict(zip(zones, ids, strict=False))
