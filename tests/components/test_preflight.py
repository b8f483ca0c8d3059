"""What the owner of an existing network must provide follows from the spec, on every cloud."""

from __future__ import annotations

import asyncio
import json

import pulumi
import pytest

from mlplatform import (
    AwsTarget,
    EndpointSpec,
    GcpTarget,
    PlatformSpec,
    TrainingSpec,
)
from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork
from mlplatform.backends.aws.existing import AwsExistingNetwork
from mlplatform.backends.aws.network import preflight as aws
from mlplatform.backends.azure.existing import AzureExistingNetwork
from mlplatform.backends.azure.network import preflight as azure
from mlplatform.backends.gcp.existing import GcpExistingNetwork
from mlplatform.backends.gcp.network import preflight as gcp
from mlplatform.plan.record import record
from mlplatform.plan.summary import summarise_plan

from ..planned import least_platform

AWS = AwsTarget(account_id="123456789012", region="eu-west-1")
GCP = GcpTarget(project="acme-ml-dev", project_number="123456789012", region="us-central1")
NETWORK = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network"
SUBNETS = {"eu-west-1a": "subnet-0123456789abcdef0", "eu-west-1b": "subnet-0123456789abcdef1"}


def _texts(cloud: str, *, training: bool = False, serving: bool = False, sleeps: bool = False) -> str:
    endpoint = EndpointSpec(name="scorer", replicas=(0, 1) if sleeps else (1, 1))
    changes = {"training": TrainingSpec() if training else None, "endpoints": (endpoint,) if serving or sleeps else ()}
    spec: PlatformSpec = least_platform(AWS if cloud == "aws" else GCP, **changes)
    match cloud:
        case "aws":
            found = aws.owner_requirements(
                spec, AWS, AwsExistingNetwork(vpc_id="vpc-1", subnets=SUBNETS, cidrs=("10.0.0.0/16",))
            )
        case "gcp":
            network = GcpExistingNetwork(
                network_id="projects/host-project/global/networks/shared",
                subnet_id="projects/host-project/regions/us-central1/subnetworks/ml",
                pods_range="pods",
                services_range="services",
            )
            found = gcp.owner_requirements(spec, GCP, network)
        case _:
            ids = {
                role: f"{NETWORK}/virtualNetworks/hub/subnets/{role}" for role in ("nodes", "api", "endpoints", "apps")
            }
            existing = AzureExistingNetwork(
                vnet_id=f"{NETWORK}/virtualNetworks/hub",
                node_subnet_ids=(ids["nodes"],),
                endpoint_subnet_id=ids["endpoints"],
                api_subnet_id=ids["api"],
                apps_subnet_id=ids["apps"],
                dns_zone_ids={"privatelink.azurecr.io": f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"},
            )
            found = azure.owner_requirements(spec, existing)
    assert all(requirement.check.split()[0] in ("aws", "gcloud", "az") for requirement in found)
    return "\n".join(str(requirement) for requirement in found)


@pytest.mark.parametrize(
    ("cloud", "serving_only", "training_only"),
    [
        ("aws", ("com.amazonaws.eu-west-1.sagemaker.runtime", "every caller"), ("eks-auth", "every pod takes one")),
        (
            "gcp",
            ("zone run.app", "at least a /26"),
            ("roles/container.hostServiceAgentUser", "secondary ranges pods", "9443"),
        ),
        ("azure", (), ("Microsoft.ContainerService/managedClusters", "NAT gateway on nodes")),
    ],
)
def test_the_list_follows_the_spec(cloud: str, serving_only: tuple[str, ...], training_only: tuple[str, ...]) -> None:
    bare, serving, training = _texts(cloud), _texts(cloud, serving=True), _texts(cloud, training=True)
    for text in serving_only:
        assert text in serving
        assert text not in bare + training
    for text in training_only:
        assert text in training
        assert text not in bare + serving


def test_azure_names_delegated_subnets_and_links_of_zones() -> None:
    assert "Microsoft.App/environments" in _texts("azure", sleeps=True)
    assert "Microsoft.App/environments" not in _texts("azure", serving=True)
    assert "--resource-group hub --zone-name privatelink.azurecr.io" in _texts("azure")


def test_a_shared_vpc_needs_rights_of_the_agents() -> None:
    assert "service-123456789012@serverless-robot-prod.iam.gserviceaccount.com" in _texts("gcp")


def test_what_is_known_late_is_a_placeholder() -> None:
    async def check() -> str:
        vpc = pulumi.Output.from_input("vpc-1")
        network = AwsExistingNetwork(vpc_id=vpc, subnets=SUBNETS, cidrs=("10.0.0.0/16",))
        first, *_ = aws.owner_requirements(least_platform(AWS), AWS, network)
        return first.check

    # an output belongs to a loop of events, and another test may have left the thread without one
    assert "--vpc-id VPC " in asyncio.run(check())


def test_the_plan_lists_it_and_the_stack_exports_it() -> None:
    adopted = AwsAdoptedNetwork(vpc_id="vpc-0123456789abcdef0", subnets=SUBNETS, cidrs=("10.0.0.0/16",))
    spec = least_platform(AWS.overlay(network=adopted))
    plan = record(spec, "aws", resolve=True)
    notes = [note for note in plan.notes if note.text.startswith("its owner must provide ")]
    assert {note.path for note in notes} == {"targets[aws].network"}
    assert any("let the network's owner run the checks" in step for step in summarise_plan(plan, spec).steps)
    exported = json.loads(json.dumps(plan.outputs["networkRequirements"]))
    assert [f"its owner must provide {need['need']}; check: {need['check']}" for need in exported] == [
        note.text for note in notes
    ]
