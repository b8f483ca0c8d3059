"""The bootstrap of production: small enough, on the platform's own resources, in bash that parses."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from typing import cast

import pytest

from mlplatform import discovery
from mlplatform.backends.azure.foundation.registrations import needed_providers
from mlplatform.backends.gcp.bootstrap.policies import grant_condition
from mlplatform.bootstrap.derive import derive_bootstrap
from mlplatform.components.bootstrap import Bootstrap
from mlplatform.components.ci_login import BuildsCiLogin, CiSystem, Duty
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.bootstrap import json as as_json
from mlplatform.views.bootstrap import script

from ..conftest import CLOUDS, ROOT, _plan, _spec  # pyright: ignore[reportPrivateUsage]


@cache
def _bootstrap(cloud: str, state: str | None = None) -> Bootstrap:
    return derive_bootstrap(_spec(ROOT / "stacks/prod.py"), cloud, _plan("prod", cloud, resolve=True), state=state)


def _policies(duty: str) -> list[dict[str, object]]:
    documents = _bootstrap("aws").documents
    return [json.loads(text) for name, text in documents.items() if re.fullmatch(rf"{duty}-[0-9]+\.json", name)]


def _statements(duty: str) -> list[dict[str, object]]:
    return [each for policy in _policies(duty) for each in cast("list[dict[str, object]]", policy["Statement"])]


def _allows(duty: str, action: str, resource: str) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and action in cast("list[str]", statement["Action"])
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in cast("list[str]", statement["Resource"]))
        for statement in _statements(duty)
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_script_is_bash(cloud: str) -> None:
    text = script.document([f"prod-{cloud}", f"prod-{cloud}-cluster"], _bootstrap(cloud))
    subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    assert "04da6b54-80e4-46f7-96ec-b56ff0331ba9" not in text, "an unknown value"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_tools_read_the_same(cloud: str) -> None:
    found = json.loads(as_json.document("prod", cloud, _bootstrap(cloud)))
    assert found["rights"]["apply"] == list(_bootstrap(cloud).apply)
    assert found["state"].split(":")[0] in ("s3", "gs", "azblob")


@pytest.mark.parametrize("duty", ["deploy", "preview"])
def test_aws_policies_have_the_size_that_iam_takes(duty: str) -> None:
    policies = _policies(duty)
    assert 1 <= len(policies) <= 10
    assert all(len(json.dumps(policy, separators=(",", ":"))) <= 6_144 for policy in policies)


def test_aws_policies_hold_every_right() -> None:
    held = {action for each in _statements("deploy") for action in cast("list[str]", each["Action"])}
    assert set(_bootstrap("aws").apply) <= held


def test_aws_rights_reach_every_planned_resource() -> None:
    table = {
        "iam": "iam:GetRole",
        "s3": "s3:GetBucketAcl",
        "eks": "eks:DescribeCluster",
        "sns": "sns:GetTopicAttributes",
    }
    table |= {"sqs": "sqs:GetQueueAttributes", "logs": "logs:ListTagsForResource", "events": "events:DescribeRule"}
    table |= {"ecr": "ecr:DescribeRepositories", "sagemaker": "sagemaker:ListTags", "budgets": "budgets:ViewBudget"}
    table |= {"secretsmanager": "secretsmanager:DescribeSecret", "cloudwatch": "cloudwatch:ListTagsForResource"}
    table |= {"pipes": "pipes:DescribePipe", "kms": "kms:DescribeKey"}
    seen: set[str] = set()
    for step in _plan("prod", "aws", resolve=True).resources():
        arn = step.outputs.get("arn")
        if isinstance(arn, str) and (service := arn.split(":")[2]) in table and "subscription" not in step.type.lower():
            seen.add(service)
            assert _allows("deploy", table[service], arn), arn
    assert seen == set(table)


def test_aws_rights_stop_at_the_platform() -> None:
    assert not _allows("deploy", "iam:PutRolePolicy", "arn:aws:iam::345678901234:role/somebody-else")
    assert not _allows("deploy", "iam:PassRole", "arn:aws:iam::345678901234:role/admin")
    assert not _allows("deploy", "s3:DeleteBucket", "arn:aws:s3:::another-bucket")
    # names of another environment in the same account begin otherwise
    assert not _allows("deploy", "s3:DeleteBucket", "arn:aws:s3:::acme-ml-dev-data-345678901234-us-east-1-an")
    # an ephemeral place is emptied by the program, the data are not
    assert _allows("deploy", "s3:DeleteObject", "arn:aws:s3:::acme-ml-prod-pipelines-345678901234-us-east-1-an/x")
    assert not _allows("deploy", "s3:DeleteObject", "arn:aws:s3:::acme-ml-prod-data-345678901234-us-east-1-an/x")
    denied = [each for each in _statements("deploy") if each["Effect"] == "Deny"]
    assert "arn:aws:iam::345678901234:role/acme-ml-prod-deploy" in cast("list[str]", denied[0]["Resource"])


def test_aws_attaches_planned_policies_only() -> None:
    (statement,) = [
        each for each in _statements("deploy") if "iam:AttachRolePolicy" in cast("list[str]", each["Action"])
    ]
    arns = cast("dict[str, dict[str, list[str]]]", statement["Condition"])["ArnEquals"]["iam:PolicyARN"]
    assert "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" in arns
    assert "arn:aws:iam::aws:policy/AdministratorAccess" not in arns


COPY = "_released/record.json"


def test_aws_writes_the_copy_of_the_record_and_no_other_object() -> None:
    bucket = "arn:aws:s3:::acme-ml-prod-models-345678901234-us-east-1-an"
    for action in ("s3:GetObject", "s3:PutObject"):
        assert _allows("deploy", action, f"{bucket}/{COPY}")
        assert not _allows("deploy", action, f"{bucket}/fraud/7/model.json")
        assert not _allows("preview", action, f"{bucket}/{COPY}")
    assert not _allows("deploy", "s3:DeleteObject", f"{bucket}/{COPY}")
    # an empty bucket must say that the copy is not there
    listings = [each for each in _statements("deploy") if each["Action"] == ["s3:ListBucket"]]
    assert {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [bucket]} | {
        "Condition": {"StringEquals": {"s3:prefix": COPY}}
    } in listings
    held = [each for each in _statements("deploy") if "alias/acme-ml-prod-store" in json.dumps(each)]
    ((keys, condition),) = [(each["Action"], each["Condition"]) for each in held]
    assert keys == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert "kms:ViaService" in json.dumps(condition)


def test_gcp_writes_the_copy_of_the_record_under_a_condition() -> None:
    bootstrap = _bootstrap("gcp")
    expression = json.loads(bootstrap.documents["record-condition.json"])["expression"]
    # the second is the resource of a listing: an empty bucket must say that the copy is not there
    bucket = r"projects/_/buckets/([a-z0-9-]+models[a-z0-9-]*)"
    found = re.fullmatch(rf"resource\.name == '{bucket}/objects/{COPY}' \|\| resource\.name == '{bucket}'", expression)
    assert found
    assert found[1] == found[2]
    commands = [command for step in bootstrap.steps for command in step.commands]
    (bound,) = [each for each in commands if "record-condition.json" in each]
    assert "--role=roles/storage.objectUser" in bound
    assert "-deploy@" in bound


def test_azure_writes_the_copy_of_the_record_and_no_other_blob() -> None:
    bootstrap = _bootstrap("azure")
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    assert json.loads(bootstrap.documents["deploy-role.json"])["DataActions"] == [f"{blobs}/read", f"{blobs}/write"]
    assert json.loads(bootstrap.documents["preview-role.json"])["DataActions"] == []
    condition = bootstrap.documents["assign-condition.txt"]
    assert condition.count(f"@Resource[{blobs}:path] StringEquals '{COPY}'") == 1
    for verb in ("read", "write"):
        assert f"!(ActionMatches{{'{blobs}/{verb}'}})" in condition


def test_gcp_budgets_need_the_billing_account() -> None:
    bootstrap = _bootstrap("gcp")
    assert "billing.budgets.create" in bootstrap.apply
    role = json.loads(bootstrap.documents["deploy-role.json"])["includedPermissions"]
    # a custom role of a project cannot hold them, and no role of a project lets a budget be written
    assert not [right for right in role if right.startswith("billing.")]
    commands = [command for step in bootstrap.steps for command in step.commands]
    assert any("gcloud billing accounts" in each and "roles/billing.costsManager" in each for each in commands)


def test_gcp_grants_planned_roles_only() -> None:
    bootstrap = _bootstrap("gcp")
    role = json.loads(bootstrap.documents["deploy-role.json"])["includedPermissions"]
    assert "resourcemanager.projects.setIamPolicy" not in role, "only under the condition"
    condition = json.loads(bootstrap.documents["grant-condition.json"])["expression"]
    assert "'roles/logging.logWriter'" in condition
    assert "'roles/owner'" not in condition


def test_gcp_compares_a_grant_with_lists_that_the_cloud_takes() -> None:
    """Google takes ten values of a list. A change of several lists' roles at once would be refused: the provider
    may not join the grants of one moment."""
    condition = json.loads(_bootstrap("gcp").documents["grant-condition.json"])["expression"]
    lists = re.findall(r"\.hasOnly\(\[(.*?)\]\)", condition)
    granted = [role for each in lists for role in each.split(", ")]
    assert len(granted) == len(set(granted)) > 10
    assert all(len(each.split(", ")) <= 10 for each in lists)
    assert condition.count(" || ") == len(lists) - 1 <= 12
    (provider,) = [each for each in _plan("prod", "gcp", resolve=True).steps if each.type == "pulumi:providers:gcp"]
    assert json.loads(str(provider.inputs["batching"])) == {"enableBatching": False}
    assert grant_condition([]) == "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([])"


def test_gcp_enables_first_what_enables_the_rest() -> None:
    assert (
        _bootstrap("gcp")
        .steps[0]
        .commands[0]
        .startswith("gcloud services enable serviceusage.googleapis.com cloudresourcemanager.googleapis.com ")
    )


def test_azure_holds_what_rbac_administrator_lacks() -> None:
    bootstrap = _bootstrap("azure")
    actions = json.loads(bootstrap.documents["deploy-role.json"])["Actions"]
    for right in ("roleAssignments/write", "roleDefinitions/write", "policyAssignments/write"):
        assert f"Microsoft.Authorization/{right}" in actions
    assert not [action for action in actions if "*" in action and action != "*/read"]


def test_azure_assigns_planned_roles_only() -> None:
    bootstrap = _bootstrap("azure")
    condition = bootstrap.documents["assign-condition.txt"]
    assert "ba92f5b4-2d11-453d-a403-e96b0029c9fe" in condition
    assert "8e3af657-a8ff-443c-a75c-2fe8c4bcb635" not in condition, "Owner"
    assert len(condition) < 8_192


def test_azure_registers_every_provider_that_it_writes_to() -> None:
    needed = {right.split("/")[0] for right in _bootstrap("azure").apply if right.endswith("/write")}
    spec = _spec(ROOT / "stacks/prod.py").on("azure")
    known = {f"Microsoft.{name}" for name in (*needed_providers(spec), "Authorization", "Resources")}
    assert needed <= known
    # what the workspace makes by itself, with a key of the customer's
    assert {"Microsoft.Notebooks", "Microsoft.DocumentDB", "Microsoft.Search"} <= known


@pytest.mark.parametrize(
    ("cloud", "state"),
    [("aws", "s3://held?region=us-east-1"), ("gcp", "gs://held"), ("azure", "azblob://state?storage_account=held")],
)
def test_an_existing_state_is_not_made(cloud: str, state: str) -> None:
    bootstrap = _bootstrap(cloud, state)
    assert bootstrap.state == state
    assert "State and its key" not in [step.title for step in bootstrap.steps]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_state_of_another_cloud_is_refused(cloud: str) -> None:
    with pytest.raises(ValueError, match="expected `"):
        _bootstrap(cloud, "file:///tmp")


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("duty", ["deploy", "preview"])
def test_the_identities_are_those_that_rendered_pipelines_use(cloud: str, duty: Duty) -> None:
    spec = _spec(ROOT / "stacks/prod.py").on(cloud)
    login = discovery.backend(cloud).load(BuildsCiLogin)(spec, duty, CiSystem(name="github"))
    text = " ".join((script.document(["prod"], _bootstrap(cloud)), *_bootstrap(cloud).settings))
    assert login.identity.rpartition("role/")[2] in text
    if cloud == "gcp":
        pool = re.findall(r"workloadIdentityPools/([^/]+)/providers/([^/]+)", login.audience)[0]
        assert f"providers create-oidc {pool[1]} --workload-identity-pool={pool[0]} " in text


@pytest.mark.parametrize("system", ["github", "gitlab"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_identity_trusts_a_branch_that_nobody_reviewed(cloud: str, system: str) -> None:
    """A pull or merge request runs its own code: neither it nor any other branch gets a login, to read or to change."""
    spec = _spec(ROOT / "stacks/prod.py")
    ci = CiSpec.model_validate({"system": system, "repository": "acme/models"})
    trusting = spec.overlay(access=spec.access.overlay(ci=ci))
    made = derive_bootstrap(trusting, cloud, _plan("prod", cloud, resolve=True), state=None)
    text = "\n".join((script.document(["prod"], made), *made.documents.values()))
    subjects = set(re.findall(r"(?:repo:|project_path:)acme/models[^\s'\"\\,)]*", text))
    assert subjects == {ci.deploy_subject("prod"), *ci.preview_subjects}
    assert all(each.endswith((":main", "/main", ":environment:prod")) for each in subjects)
    assert "principalSet" not in text


def test_subjects_of_ci_are_those_of_the_spec(stack_spec: Callable[[str], PlatformSpec]) -> None:
    ci = stack_spec("prod").access.ci
    assert ci is not None
    trust = json.loads(_bootstrap("aws").documents["deploy-trust.json"])["Statement"][0]["Condition"]["StringEquals"]
    assert trust["token.actions.githubusercontent.com:sub"] == [ci.deploy_subject("prod")]
    for cloud in ("gcp", "azure"):
        text = script.document(["prod"], _bootstrap(cloud))
        assert ci.deploy_subject("prod") in text
        assert all(subject in text for subject in ci.preview_subjects)
