"""What a Terraform state on AWS has that a target can use. Imports no SDK.

Attributes: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from mlplatform.components.adopted_parts import note_choices, note_rest, repositories
from mlplatform.components.adoption import Given
from mlplatform.components.foreign_resource import ForeignResource

_VPC = r"vpc-[0-9a-f]{8,17}"
_REPOSITORY = r"arn:aws(-[a-z]+)*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+"
_INTERNAL = "kubernetes.io/role/internal-elb"
"""The tag of subnets for internal load balancers."""
_READ = (
    "aws_vpc", "aws_subnet", "aws_route", "aws_route_table", "aws_route_table_association", "aws_internet_gateway",
    "aws_vpc_ipv4_cidr_block_association", "aws_eks_cluster", "aws_eks_node_group", "aws_ecr_repository",
    "aws_s3_bucket", "aws_kms_key", "aws_iam_openid_connect_provider",
)  # fmt: skip


def vpc_of(given: Given) -> str | None:
    """The VPC; several are refused."""
    found = given.only("network.vpc_id", _VPC, given.of("aws_vpc"))
    return found.text("id") if found else None


def subnets_of(given: Given, vpc: str) -> dict[str, str]:
    """The private subnet of each zone of a VPC; several in one zone are refused."""
    chosen = given.chosen("network.subnets")
    public = _public(given)
    found = [
        each
        for each in chosen or given.of("aws_subnet")
        if each.text("vpc_id") == vpc and (chosen or each.text("id") not in public)
    ]
    by_zone: dict[str, list[ForeignResource]] = {}
    for each in found:
        by_zone.setdefault(each.text("availability_zone"), []).append(each)
    subnets: dict[str, str] = {}
    for zone, candidates in sorted(by_zone.items()):
        meant = [each for each in candidates if _is_for_nodes(each)] or candidates
        if len(candidates) > 1 and len(meant) != 1:
            shown = ", ".join(each.address for each in candidates)
            given.refuse("network.subnets", f"{len(candidates)} private subnets in {zone} ({shown})", "one per zone")
            return {}
        subnets[zone] = meant[0].text("id")
    if subnets:
        given.used["network.subnets"] = ", ".join(each.address for each in found if each.text("id") in subnets.values())
    return subnets


def ranges_of(given: Given, vpc: str) -> list[str]:
    """The address ranges of a VPC, the first one first."""
    first = [each.text("cidr_block") for each in given.of("aws_vpc") if each.text("id") == vpc]
    more = [
        each.text("cidr_block")
        for each in given.of("aws_vpc_ipv4_cidr_block_association")
        if each.text("vpc_id") == vpc
    ]
    return [each for each in dict.fromkeys((*first, *more)) if each]


def existing_of(given: Given, subnets: dict[str, str]) -> dict[str, object]:
    """A cluster and repositories, as a target's `existing` has them; the rest is noted."""
    existing: dict[str, object] = {}
    if cluster := _cluster(given, subnets):
        existing["cluster"] = cluster
    if named := repositories(given, given.of("aws_ecr_repository"), _REPOSITORY, "arn"):
        existing["registry"] = {"repositories": named}
    fields = {
        "aws_s3_bucket": "existing.buckets.<place>",
        "aws_kms_key": "existing.keys.default",
        "aws_iam_openid_connect_provider": "oidc_provider_arn",
    }
    note_choices(given, fields, lambda each: each.text("bucket") or each.text("url") or each.text("arn"))
    note_rest(given, _READ)
    return existing


def _cluster(given: Given, subnets: dict[str, str]) -> dict[str, object]:
    cluster = given.only("existing.cluster", r".+", given.of("aws_eks_cluster"))
    if cluster is None:
        return {}
    name = cluster.text("name")
    nodes = [each for each in given.of("aws_eks_node_group") if each.text("cluster_name") == name]
    roles = sorted({each.text("node_role_arn") for each in nodes if each.text("node_role_arn")})
    if len(roles) != 1 or not subnets:
        lacks = "no private subnets" if roles else "no node group, whose role its nodes need"
        lacks = f"{len(roles)} roles of nodes" if len(roles) > 1 else lacks
        given.used.pop("existing.cluster")
        given.notes.append(
            f"{cluster.address} ({name}): not used, the state has {lacks}; write existing.cluster yourself"
        )
        return {}
    return {"cluster_name": name, "node_role_arn": roles[0], "subnets": subnets}


def _public(given: Given) -> frozenset[str]:
    """Subnets with a way from the internet: addresses of their own, or a route to an internet gateway."""
    open_tables = {
        each.text("route_table_id") for each in given.of("aws_route") if each.text("gateway_id").startswith("igw-")
    }
    open_tables |= {
        table.text("id")
        for table in given.of("aws_route_table")
        if any(str(route.get("gateway_id", "")).startswith("igw-") for route in table.blocks("route"))
    }
    routed = {
        each.text("subnet_id")
        for each in given.of("aws_route_table_association")
        if each.text("route_table_id") in open_tables
    }
    addressed = {
        each.text("id") for each in given.of("aws_subnet") if each.values.get("map_public_ip_on_launch") is True
    }
    return frozenset(routed | addressed)


def _is_for_nodes(subnet: ForeignResource) -> bool:
    """Whether a subnet is named or marked as one for nodes, among others of its zone (databases, control planes)."""
    tags = subnet.blocks("tags")
    marked = bool(tags) and _INTERNAL in tags[0]
    return marked or subnet.without_index.rpartition(".")[2] == "private"
