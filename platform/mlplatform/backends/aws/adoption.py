"""Adoption of another tool's outputs, by the names of terraform-aws-modules, and of its state. Imports no SDK."""

from __future__ import annotations

from typing import cast

from mlplatform.backends.aws.adopted_state import existing_of, ranges_of, subnets_of, vpc_of
from mlplatform.components.adopted_parts import is_whole, refuse_other_cloud
from mlplatform.components.adoption import Given
from mlplatform.spec.artifact_store import PLACES

_SUBNET = r"subnet-[0-9a-f]{8,17}"
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_KEY = r"arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-zA-Z-]+"


def build(given: Given) -> dict[str, dict[str, object]]:
    """Fields of the target, and identifiers of existing resources for the component library.

    https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws/latest?tab=outputs
    """
    refuse_other_cloud(given, "aws_")
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
    if given.resources and (parts := existing_of(given, _own_subnets(target))):
        target["existing"] = parts
    return {"target": target, "existing": existing}


def _own_subnets(target: dict[str, object]) -> dict[str, str]:
    """The subnets of the network that was found."""
    network = target.get("network")
    found = cast("dict[str, object]", network).get("subnets") if isinstance(network, dict) else None
    return cast("dict[str, str]", found) if isinstance(found, dict) else {}


def _network(given: Given) -> dict[str, object]:
    vpc = given.text("network.vpc_id", r"vpc-[0-9a-f]{8,17}", "vpc_id") or vpc_of(given)
    subnets = {} if given.chosen("network.subnets") else _subnets(given)
    if vpc and not subnets:
        subnets = subnets_of(given, vpc)
    address = r"[0-9.]+/[0-9]{1,2}"
    cidrs = given.texts("network.cidrs", address, "vpc_cidr_blocks", "vpc_cidr_block")
    cidrs += given.texts("network.more_cidrs", address, "vpc_secondary_cidr_blocks")
    cidrs = cidrs or (ranges_of(given, vpc) if vpc else [])
    fields = {"vpc_id": vpc, "subnets": subnets, "cidrs": cidrs}
    return dict(fields) if is_whole(given, "network", fields) else {}


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
