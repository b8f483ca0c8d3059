"""What the owner of an existing VPC must provide, by what the spec plans."""

from __future__ import annotations

from mlplatform.backends.aws.existing import AwsExistingNetwork
from mlplatform.backends.aws.network.endpoints_private import gateway_services, private_services
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.spec.platform import PlatformSpec


def owner_requirements(spec: PlatformSpec, target: AwsTarget, network: AwsExistingNetwork) -> tuple[Requirement, ...]:
    """The requirements, in the order in which they stop a first `up`.

    Args:
        spec: the platform on this target.
        target: its target.
        network: the VPC.
    """
    region, vpc_id = target.region, known_text(network.vpc_id, "VPC")
    ids = " ".join(known_text(subnet, f"SUBNET_IN_{zone}") for zone, subnet in network.subnets.items())
    ec2 = f"aws ec2 --region {region}"
    of_vpc = f"--filters Name=vpc-id,Values={vpc_id}"
    services = private_services(spec)
    needs = [
        Requirement(
            f"DNS support and DNS host names of {vpc_id}: private names of AWS's services resolve only with both",
            f"{ec2} describe-vpc-attribute --vpc-id {vpc_id} --attribute enableDnsHostnames",
        ),
        Requirement(
            f"a default route from {ids} to a NAT gateway or firewall: public images and pull-through caches need it",
            f"{ec2} describe-route-tables {of_vpc} --query 'RouteTables[].Routes[]'",
        ),
        *(
            Requirement(
                f"a gateway endpoint com.amazonaws.{region}.{service} in the subnets' route tables",
                f"{ec2} describe-vpc-endpoints {of_vpc} Name=service-name,Values=com.amazonaws.{region}.{service}",
            )
            for service in gateway_services(spec)
        ),
        Requirement(
            "interface endpoints with private DNS, open on port 443 for the VPC, of "
            + ", ".join(f"com.amazonaws.{region}.{service}" for service in services)
            + _callers(services),
            f"{ec2} describe-vpc-endpoints {of_vpc} Name=vpc-endpoint-type,Values=Interface "
            "--query 'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled]' --output table",
        ),
    ]
    if spec.training:
        needs.append(
            Requirement(
                f"free addresses in {ids}: every pod takes one",
                f"{ec2} describe-subnets --subnet-ids {ids} --query 'Subnets[].[SubnetId,AvailableIpAddressCount]'",
            )
        )
    return tuple(needs)


def _callers(services: tuple[str, ...]) -> str:
    if "sagemaker.runtime" not in services:
        return ""
    return "; without sagemaker.runtime every caller of an endpoint is refused, because rights hold only from this VPC"
