"""Data-source functions are answered strictly and realistically."""

from __future__ import annotations

import json

import pytest

from mlplatform.providers.accounts import Account
from mlplatform.providers.answers import aws, azure, gcp
from mlplatform.providers.functions import function_schema
from mlplatform.providers.invokes import answer_invoke
from mlplatform.providers.refusal import ProviderRefused

AWS = Account("aws", "210987654321", "eu-west-1")
GCP = Account("gcp", "acme-ml", "europe-west4", number="445566778899")
AZURE = Account("azure", "99999999-0000-4000-8000-000000000000", "westeurope")


def test_zones_belong_to_the_region() -> None:
    answer = answer_invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {"state": "available"}, AWS)
    assert answer["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d"]
    assert answer["zoneIds"] == ["euw1-az1", "euw1-az2", "euw1-az3", "euw1-az4"]
    assert answer["state"] == "available"


def test_caller_region_and_partition() -> None:
    assert answer_invoke("aws:index/getCallerIdentity:getCallerIdentity", {}, AWS)["accountId"] == "210987654321"
    assert answer_invoke("aws:index/getRegion:getRegion", {}, AWS)["region"] == "eu-west-1"
    assert answer_invoke("aws:index/getPartition:getPartition", {}, AWS)["partition"] == "aws"


def test_policy_documents_are_rendered() -> None:
    statements = [
        {
            "sid": "Read",
            "actions": ["s3:GetObject", "s3:ListBucket"],
            "resources": ["*"],
            "principals": [{"type": "Service", "identifiers": ["eks.amazonaws.com"]}],
            "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]}],
        }
    ]
    answer = answer_invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": statements}, AWS)
    document = json.loads(str(answer["json"]))
    assert document["Version"] == "2012-10-17"
    (statement,) = document["Statement"]
    assert statement == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": "*",
        "Principal": {"Service": ["eks.amazonaws.com"]},
        "Condition": {"StringEquals": {"aws:SourceAccount": ["1"]}},
    }


def test_service_agents() -> None:
    storage = answer_invoke("gcp:storage/getProjectServiceAccount:getProjectServiceAccount", {}, GCP)
    assert storage["emailAddress"] == "service-445566778899@gs-project-accounts.iam.gserviceaccount.com"
    tables = answer_invoke("gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount", {}, GCP)
    assert tables["email"] == "bq-445566778899@bigquery-encryption.iam.gserviceaccount.com"
    assert answer_invoke("gcp:organizations/getProject:getProject", {}, GCP)["number"] == "445566778899"


def test_cluster_credentials_are_a_kubeconfig() -> None:
    token = "azure-native:containerservice:listManagedClusterUserCredentials"
    answer = answer_invoke(token, {"resourceGroupName": "g", "resourceName": "aks"}, AZURE)
    (kubeconfig,) = answer["kubeconfigs"]  # pyright: ignore[reportGeneralTypeIssues]
    assert kubeconfig["name"] == "clusterUser"


@pytest.mark.parametrize("token", [*aws.ANSWERS, *gcp.ANSWERS, *azure.ANSWERS])
def test_every_answer_belongs_to_a_function_of_the_sdk_and_is_complete(token: str) -> None:
    schema = function_schema(token)
    assert schema is not None
    assert schema.result is not None
    args = dict.fromkeys(schema.arguments.required, "1.33")
    account = {"aws": AWS, "gcp": GCP}.get(token.split(":")[0], AZURE)
    answer = answer_invoke(token, args, account)
    assert set(schema.result.required) - set(answer) - set(schema.arguments.properties) == set()
    assert set(answer) <= set(schema.result.properties)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ProviderRefused, match="kubernetesVersion"):
        answer_invoke("aws:eks/getAddonVersion:getAddonVersion", {"addonName": "vpc-cni"}, AWS)


def test_a_function_without_an_answer_is_refused_with_a_list_of_others() -> None:
    with pytest.raises(ProviderRefused, match="getAvailabilityZones"):
        answer_invoke("aws:ec2/getRouteTables:getRouteTables", {}, AWS)
    with pytest.raises(ProviderRefused, match="getNonsense"):
        answer_invoke("gcp:index/getNonsense:getNonsense", {}, GCP)
