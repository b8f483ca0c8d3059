"""Rights of a replica before it serves."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import (
    EndpointSpec,
)

from ....planned import Planned
from ..conftest import ACCOUNT

Plan = Callable[..., Planned]


SERVE = "endpoint-fraud-serve-endpoint-fraud-identity"


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def test_the_role_may_pull_awss_container_and_join_the_network_before_the_model_is_made(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="triton"),))
    rights = plan.document(SERVE)
    assert rights["AwsImages"]["Resource"] == "arn:aws:ecr:us-east-1:763104351884:repository/sagemaker-tritonserver"
    assert "ecr:BatchGetImage" in rights["AwsImages"]["Action"]
    assert "ec2:CreateNetworkInterface" in rights["Interfaces"]["Action"]
    assert "*" not in rights["Interfaces"]["Resource"]
    assert "logs:PutLogEvents" in rights["Logs"]["Action"]
    assert {SERVE} <= plan.directly_after("endpoint-fraud-model-main") & plan.directly_after("endpoint-fraud-endpoint")


def test_the_role_may_use_the_key_of_its_volumes_and_secrets(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    rights = plan.document(SERVE)
    key = plan.one("endpoint-fraud-config").inputs["kmsKeyArn"]
    assert rights["Key"]["Resource"] == rights["VolumeGrants"]["Resource"] == key
    assert rights["VolumeGrants"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_an_own_image_needs_no_right_to_awss(planned: Plan) -> None:
    image = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/serving:1"
    assert "AwsImages" not in planned(endpoints=(endpoint(image=image),)).document(SERVE)
