"""Jobs of CI that need what is private run inside the network, or the spec is refused with what works instead."""

from __future__ import annotations

import pytest

from mlplatform.plan.record import record

from ..conftest import CLOUDS
from ..planned import Planned
from .test_way_in import ADOPTED, problems, spec

CI = {"repository": "acme/ml", "owner_id": "123456", "repository_id": "456789", "runner": "network"}
CONNECTION = {"ci_connection_arn": "arn:aws:codeconnections:us-east-1:123456789012:connection/0123"}


def test_codebuild_runs_a_machine_per_job_inside_the_vpc() -> None:
    plan = Planned(record(spec("aws", CONNECTION, access={"ci": CI}), "aws", resolve=True))
    project = plan.one("network-runner").inputs
    assert project["source"]["auth"] == {"type": "CODECONNECTIONS", "resource": CONNECTION["ci_connection_arn"]}
    assert project["source"]["location"] == "https://github.com/acme/ml.git"
    assert project["vpcConfig"]["vpcId"] == plan.one("network-vpc").id
    (group,) = project["vpcConfig"]["securityGroupIds"]
    assert plan.one("cluster-api-from-runner").inputs["referencedSecurityGroupId"] == group
    filters = plan.one("network-runner-jobs").inputs["filterGroups"][0]["filters"]
    assert [(one["type"], one["pattern"]) for one in filters] == [("EVENT", "WORKFLOW_JOB_QUEUED")]
    # the machine itself may nothing on the platform: a job logs in by its own token
    sids = set(plan.document("network-runner-rights"))
    assert sids == {"Connection", "Logs", "Look", "Interfaces", "InterfacePermission"}
    assert "runs-on: codebuild-acme-ml-dev-runner-${{ github.run_id }}" in plan.notes()


def test_github_puts_its_machines_into_a_subnet_of_its_own() -> None:
    plan = Planned(record(spec("azure", access={"ci": CI}), "azure", resolve=True))
    subnet = plan.one("network-subnet-runners")
    assert subnet.inputs["delegations"][0]["serviceName"] == "GitHub.Network/networkSettings"
    assert subnet.inputs["natGateway"]
    (settings,) = plan.one("network-runner").inputs["properties"]["template"]["resources"]
    assert settings["properties"] == {"subnetId": subnet.id, "businessId": "123456"}
    assert "az provider register --namespace GitHub.Network" in plan.notes()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_runner_that_cannot_be_is_refused_with_what_works(cloud: str) -> None:
    gitlab = {"system": "gitlab", "repository": "acme/ml", "runner": "network"}
    match cloud:
        case "aws":
            assert "targets[aws].ci_connection_arn" in problems(cloud, spec(cloud, access={"ci": CI}))
            alone = spec(cloud, CONNECTION, access={"ci": CI}, network={"nat": "none"})
            assert "NAT" in problems(cloud, alone)["access.ci.runner"]
            assert not problems(cloud, spec(cloud, CONNECTION, access={"ci": gitlab}))
        case "gcp":
            assert "Google" in problems(cloud, spec(cloud, access={"ci": CI}))["access.ci.runner"]
        case _:
            assert "GitHub" in problems(cloud, spec(cloud, access={"ci": gitlab}))["access.ci.runner"]
            unknown = {"repository": "acme/ml", "runner": "network"}
            assert "access.ci.owner_id" in problems(cloud, spec(cloud, access={"ci": unknown}))
            elsewhere = spec(cloud, {"location": "westeurope"}, access={"ci": CI})
            assert "region" in problems(cloud, elsewhere)["access.ci.runner"]
            adopted = spec(cloud, {"network": ADOPTED[cloud]}, access={"ci": CI})
            assert "owner" in problems(cloud, adopted)["access.ci.runner"]
