"""What the owner of an existing VPC must provide, by what the spec plans."""

from __future__ import annotations

from mlplatform.backends.gcp.existing import GcpExistingNetwork
from mlplatform.backends.gcp.network.firewall import WEBHOOK_PORTS
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.spec.platform import PlatformSpec


def owner_requirements(spec: PlatformSpec, target: GcpTarget, network: GcpExistingNetwork) -> tuple[Requirement, ...]:
    """The requirements, in the order in which they stop a first `up`.

    Args:
        spec: the platform on this target.
        target: its target.
        network: the VPC.
    """
    path = known_text(network.network_id, "projects/HOST_PROJECT/global/networks/NETWORK")
    host, vpc = path.split("/")[1], path.rpartition("/")[2]
    name = known_text(network.subnet_id, "SUBNET").rpartition("/")[2]
    pods, services = known_text(network.pods_range, "PODS_RANGE"), known_text(network.services_range, "SERVICES_RANGE")
    subnet = f"gcloud compute networks subnets describe {name} --region {target.region} --project {host}"
    needs = [
        Requirement(
            f"Private Google Access of the subnet {name}: nodes have no public address",
            f"{subnet} --format='value(privateIpGoogleAccess)'",
        ),
        Requirement(
            f"a Cloud NAT for {name}: public images and pull-through caches need it",
            f"gcloud compute routers list --regions {target.region} --project {host} "
            "--format='value(name,nats[].name)'",
        ),
    ]
    if host != target.project:
        needs.insert(0, _shared(target, host, bool(spec.training)))
    if spec.training:
        needs += [
            Requirement(
                f"secondary ranges {pods} (a /24 for each node with 110 pods, a /26 with 32) and {services} of {name}",
                f"{subnet} --format='table(secondaryIpRanges[].rangeName,secondaryIpRanges[].ipCidrRange)'",
            ),
            Requirement(
                f"a firewall rule from the range of {name} to nodes on TCP {', '.join(WEBHOOK_PORTS)}: the "
                "control plane calls the webhooks of add-ons there",
                f"gcloud compute firewall-rules list --project {host} --filter='network~{vpc}$ AND "
                "direction=INGRESS' --format='table(name,sourceRanges.list(),allowed[].map().firewall_rule().list())'",
            ),
        ]
    if spec.managed_endpoints:
        apps = known_text(network.apps_subnet_id or network.subnet_id, "APPS_SUBNET").rpartition("/")[2]
        needs += [
            Requirement(
                f"at least a /26 in {apps}: Cloud Run takes its addresses there",
                f"gcloud compute networks subnets describe {apps} --region {target.region} --project {host} "
                "--format='value(ipCidrRange)'",
            ),
            Requirement(
                "a private DNS zone run.app that answers with 199.36.153.8/30, and a route to it: callers reach "
                "private endpoints only that way",
                f"gcloud dns managed-zones list --project {host} --filter='dnsName=run.app.'",
            ),
        ]
    return tuple(needs)


def _shared(target: GcpTarget, host: str, training: bool) -> Requirement:
    number = target.project_number
    members = [f"service-{number}@serverless-robot-prod.iam.gserviceaccount.com"]
    if training:
        members += [
            f"service-{number}@container-engine-robot.iam.gserviceaccount.com",
            f"{number}@cloudservices.gserviceaccount.com",
        ]
    also = " and roles/container.hostServiceAgentUser for GKE's agent" if training else ""
    return Requirement(
        f"in the host project {host}, roles/compute.networkUser on the subnets for {', '.join(members)}{also}",
        f"gcloud projects get-iam-policy {host} --flatten='bindings[].members' "
        f"--filter='bindings.members~{number}' --format='table(bindings.role,bindings.members)'",
    )
