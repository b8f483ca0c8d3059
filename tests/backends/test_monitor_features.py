"""A monitor may read all groups of its service, and labels beside them, by one grant to their place."""

from __future__ import annotations

import re
from functools import cache

from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.providers.wire import value_at_path

from ..azure_conditions import azure_admits
from ..pipelines.fraud import Data
from ..pipelines.monitored import monitored
from ..planned import Planned, record_released

GROUPS = tuple(f"group_{number}" for number in range(8))
READ = {*GROUPS, "labels/fraud"}


@cache
def _planned(cloud: str) -> Planned:
    features: Data = {
        "entities": [{"name": "customer", "key": "customer_id"}],
        "groups": [
            {"name": name, "entities": ["customer"], "features": [{"name": f"of_{name}", "type": "float64"}]}
            for name in (*GROUPS, "other")
        ],
        "services": [{"name": "scorer", "features": list(GROUPS)}],
    }
    changes: Data = {"features": "scorer", "labels": {"path": "labels/fraud", "place": "features"}}
    return Planned(record_released(monitored(cloud, changes, feature_store=features), cloud, resolve=True))


def test_on_aws_the_policy_names_each_folder() -> None:
    bucket = "arn:aws:s3:::acme-ml-dev-features-123456789012-us-east-1-an"
    held = list(_planned("aws").plan.resources())

    def may(action: str, resource: str, context: dict[str, str]) -> bool:
        return aws_allows(held, "acme-ml-dev-monitor-fraud-scorer-identity", action, resource, context)

    for folder in READ:
        assert may("s3:GetObject", f"{bucket}/{folder}/x.parquet", {})
        assert may("s3:ListBucket", bucket, {"s3:prefix": f"{folder}/"})
        assert not may("s3:PutObject", f"{bucket}/{folder}/x.parquet", {})
    assert not may("s3:GetObject", f"{bucket}/other/x.parquet", {})
    assert not may("s3:ListBucket", bucket, {"s3:prefix": "other/"})


def test_on_gcp_no_condition_has_more_terms_than_it_takes() -> None:
    plan = _planned("gcp")
    account = f"serviceAccount:{plan.one('monitor-fraud-scorer-identity-account').inputs['accountId']}@"
    conditions = [
        str(value_at_path(each.inputs, "condition.expression"))
        for each in plan.all("BucketIAMMember")
        if str(each.inputs["member"]).startswith(account) and "features" in str(each.inputs["bucket"])
    ]
    read = [folder for each in conditions for folder in re.findall(r'/objects/([^"]*)/"', each)]
    assert sorted(read) == sorted(READ), "each once"
    assert sorted(folder for each in conditions for folder in re.findall(r'""\).startsWith\("([^"]*)/"', each)) == (
        sorted(READ)
    )
    assert max(each.count(" || ") for each in conditions) < 12, "of these a condition takes 12"


def test_on_azure_one_role_holds_for_all_folders() -> None:
    plan = _planned("azure")
    held = plan.one("monitor-fraud-scorer-identity-identity").outputs["principalId"]
    (role,) = (
        each
        for each in plan.all("RoleAssignment")
        if each.inputs["principalId"] == held and str(each.inputs["scope"]).endswith("/features")
    )
    condition = str(role.inputs["condition"])
    for folder in READ:
        assert azure_admits(condition, "read", path=f"{folder}/2026/x.parquet")
        assert azure_admits(condition, "read", path=folder)
        assert azure_admits(condition, "read", listed=f"{folder}/")
        assert not azure_admits(condition, "read", path=f"{folder}1/x.parquet")
    assert not azure_admits(condition, "read", path="other/x.parquet")
    assert not azure_admits(condition, "read", listed="other/")
    assert not azure_admits(condition, "read", listed="")
