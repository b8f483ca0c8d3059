"""Pipelines and people start jobs and register candidates; none of them deploys a model or moves traffic."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.mock_cloud.rights import aws_allows, azure_allows, gcp_allows, policy_size
from mlplatform.plan.model import Plan, Step

StackPlan = Callable[..., Plan]
ACCOUNT = "345678901234"
SAGEMAKER = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
TO_SAGEMAKER = {"iam:PassedToService": "sagemaker.amazonaws.com"}
ML = "Microsoft.MachineLearningServices/workspaces"


def resources(stack_plan: StackPlan, cloud: str) -> list[Step]:
    return list(stack_plan("prod", cloud, resolve=True).resources())


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/acme-ml-prod-{name}"


STARTS = (
    ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/acme-ml-prod-fraud-1", {}),
    ("sagemaker:CreateProcessingJob", f"{SAGEMAKER}:processing-job/pipelines-abc-evaluate", {}),
    ("sagemaker:CreateTransformJob", f"{SAGEMAKER}:transform-job/pipelines-abc-score", {}),
    ("sagemaker:CreateHyperParameterTuningJob", f"{SAGEMAKER}:hyper-parameter-tuning-job/acme-ml-prod-t", {}),
    ("sagemaker:StopTrainingJob", f"{SAGEMAKER}:training-job/acme-ml-prod-fraud-1", {}),
    ("sagemaker:AddTags", f"{SAGEMAKER}:training-job/pipelines-abc-train", {}),
    ("sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9", {}),
    ("iam:PassRole", role("pipelines"), TO_SAGEMAKER),
)
PIPELINE = ("sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/acme-ml-prod-retrain", {})
"""People start pipelines. A run starts none: nothing would count it."""
WAITING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
PRODUCTION = {"sagemaker:ModelLifeCycle:stage": "Production"}
APPROVED = {"sagemaker:ModelApprovalStatus": "Approved"}
RUNS = (
    ("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/sagemaker/TrainingJobs:log-stream:x", {}),
    ("ec2:CreateNetworkInterface", f"arn:aws:ec2:us-east-1:{ACCOUNT}:network-interface/eni-1", {}),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "/aws/sagemaker/TrainingJobs"}),
)
AWS_DENIED = (
    ("sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9", APPROVED),
    ("sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9", APPROVED),
    ("sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9", PRODUCTION),
    ("sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9", {**WAITING, **PRODUCTION}),
    ("sagemaker:CreateEndpoint", f"{SAGEMAKER}:endpoint/acme-ml-prod-fraud-scorer", {}),
    ("sagemaker:CreateEndpointConfig", f"{SAGEMAKER}:endpoint-config/acme-ml-prod-fraud-scorer", {}),
    ("sagemaker:CreateInferenceComponent", f"{SAGEMAKER}:inference-component/acme-ml-prod-x", {}),
    ("sagemaker:DeleteEndpoint", f"{SAGEMAKER}:endpoint/acme-ml-prod-fraud-scorer", {}),
    ("sagemaker:UpdateEndpoint", f"{SAGEMAKER}:endpoint/acme-ml-prod-fraud-scorer", {}),
    ("sagemaker:UpdateEndpointWeightsAndCapacities", f"{SAGEMAKER}:endpoint/acme-ml-prod-fraud-scorer", {}),
    ("sagemaker:UpdateInferenceComponent", f"{SAGEMAKER}:inference-component/acme-ml-prod-x", {}),
    ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/other-platform-1", {}),
    ("iam:PassRole", role("endpoint-fraud-scorer-identity"), TO_SAGEMAKER),
    ("iam:PassRole", role("training"), TO_SAGEMAKER),
    ("iam:PassRole", role("pipelines"), {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", role("pipelines"), {}),
)


@pytest.mark.parametrize("name", ["pipelines", "ml-engineer"])
def test_aws_jobs_are_started_and_nothing_is_deployed(stack_plan: StackPlan, name: str) -> None:
    kept = resources(stack_plan, "aws")
    own = f"acme-ml-prod-{name}"
    for action, resource, context in (*STARTS, *(RUNS if name == "pipelines" else (PIPELINE,))):
        assert aws_allows(kept, own, action, resource, context), f"{name} may not {action} on {resource}"
    for action, resource, context in (*AWS_DENIED, *((PIPELINE,) if name == "pipelines" else ())):
        assert not aws_allows(kept, own, action, resource, context), f"{name} may {action} on {resource}"


@pytest.mark.parametrize("name", ["data-scientist", "training"])
def test_aws_nobody_else_starts_jobs_as_pipelines(stack_plan: StackPlan, name: str) -> None:
    kept, own = resources(stack_plan, "aws"), f"acme-ml-prod-{name}"
    package = f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9"
    assert aws_allows(kept, own, "sagemaker:CreateModelPackage", package)
    assert not aws_allows(kept, own, "iam:PassRole", role("pipelines"), TO_SAGEMAKER)
    for action, resource, context in AWS_DENIED:
        assert not aws_allows(kept, own, action, resource, context), f"{name} may {action} on {resource}"


WATCHERS = ("data-engineer", "operator", "auditor", "domain-expert")
"""People who neither register models nor start jobs."""


@pytest.mark.parametrize("name", WATCHERS)
def test_aws_who_watches_starts_and_registers_nothing(stack_plan: StackPlan, name: str) -> None:
    kept, own = resources(stack_plan, "aws"), f"acme-ml-prod-{name}"
    for action, resource, context in (*STARTS, PIPELINE, *AWS_DENIED):
        assert not aws_allows(kept, own, action, resource, context), f"{name} may {action} on {resource}"


def test_aws_domain_experts_write_labels_and_see_no_other_data(stack_plan: StackPlan) -> None:
    kept, own = resources(stack_plan, "aws"), "acme-ml-prod-domain-expert"
    (bucket,) = (each for each in kept if each.name == "acme-ml-store-data" and "Bucket" in each.type)
    place, package = str(bucket.outputs["arn"]), f"{SAGEMAKER}:model-package/acme-ml-prod-fraud/9"
    assert aws_allows(kept, own, "s3:PutObject", f"{place}/labels/fraud/2026-11.parquet")
    assert aws_allows(kept, own, "sagemaker:DescribeModelPackage", package)
    for path in ("claims/x", "labels-of-others/x"):
        for action in ("s3:GetObject", "s3:PutObject"):
            assert not aws_allows(kept, own, action, f"{place}/{path}"), f"{action} on {path}"


def test_aws_policies_of_a_role_have_room(stack_plan: StackPlan) -> None:
    """10,240 characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    kept = resources(stack_plan, "aws")
    sizes = {name: policy_size(kept, f"acme-ml-prod-{name}") for name in ("pipelines", "ml-engineer", "training")}
    assert all(0 < size < 10_000 for size in sizes.values()), sizes


GCP_DENIED = (
    "aiplatform.endpoints.create",
    "aiplatform.endpoints.deploy",
    "aiplatform.endpoints.update",
    "run.services.create",
    "run.services.update",
    "run.services.setIamPolicy",
    "workflows.executions.create",
    "iam.serviceAccounts.getAccessToken",
)
GCP_STARTS = (
    "aiplatform.customJobs.create",
    "aiplatform.pipelineJobs.create",
    "aiplatform.pipelineJobs.cancel",
    "aiplatform.batchPredictionJobs.create",
    "artifactregistry.repositories.uploadArtifacts",
    "iam.serviceAccounts.actAs",
    "storage.objects.create",
)
PIPELINES = "serviceAccount:acme-ml-prod-pipelines@acme-ml-prod.iam.gserviceaccount.com"
ENGINEERS, SCIENTISTS = "group:ml-engineers@acme.example", "group:ml-scientists@acme.example"


@pytest.mark.parametrize("member", [PIPELINES, ENGINEERS])
def test_gcp_jobs_are_started_and_nothing_is_deployed(stack_plan: StackPlan, member: str) -> None:
    kept = resources(stack_plan, "gcp")
    missing = [permission for permission in GCP_STARTS if not gcp_allows(kept, member, permission)]
    assert not missing
    assert not [permission for permission in GCP_DENIED if gcp_allows(kept, member, permission)]


def test_gcp_jobs_write_logs_and_scientists_start_none(stack_plan: StackPlan) -> None:
    kept = resources(stack_plan, "gcp")
    assert gcp_allows(kept, PIPELINES, "logging.logEntries.create")
    assert gcp_allows(kept, PIPELINES, "monitoring.timeSeries.create")
    assert gcp_allows(kept, SCIENTISTS, "artifactregistry.repositories.uploadArtifacts")
    for permission in ("aiplatform.customJobs.create", "iam.serviceAccounts.actAs", *GCP_DENIED):
        assert not gcp_allows(kept, SCIENTISTS, permission), permission


@pytest.mark.parametrize("member", [PIPELINES, ENGINEERS, SCIENTISTS])
def test_gcp_who_registers_a_model_does_not_annotate_it(stack_plan: StackPlan, member: str) -> None:
    """An approval would be an annotation of the version. Images are in other repositories, and engineers push them."""
    kept = resources(stack_plan, "gcp")
    roles = [step for step in kept if step.type == "gcp:projects/iAMCustomRole:IAMCustomRole"]
    grants = [step for step in kept if "-model-" in str(step.inputs.get("repository"))]
    assert gcp_allows([*roles, *grants], member, "artifactregistry.repositories.uploadArtifacts")
    for verb in ("packages.update", "tags.update", "versions.update", "versions.delete", "files.update"):
        assert not gcp_allows([*roles, *grants], member, f"artifactregistry.{verb}"), verb
    assert "roles/artifactregistry.writer" not in {step.inputs.get("role") for step in grants}


EXPERTS = "group:fraud-analysts@acme.example"


@pytest.mark.parametrize("member", ["group:ml-data-engineers@acme.example", EXPERTS])
def test_gcp_who_watches_starts_and_registers_nothing(stack_plan: StackPlan, member: str) -> None:
    kept, writes = resources(stack_plan, "gcp"), ("storage.objects.create",)
    for permission in {*GCP_STARTS, *GCP_DENIED}.difference(writes):
        assert not gcp_allows(kept, member, permission), permission


def test_gcp_domain_experts_write_labels_and_see_no_other_data(stack_plan: StackPlan) -> None:
    kept = [step for step in resources(stack_plan, "gcp") if step.inputs.get("member") == EXPERTS]
    on_data = [step.inputs for step in kept if "-prod-data-" in str(step.inputs.get("bucket"))]
    assert on_data
    assert all("/labels/" in str(grant.get("condition")) for grant in on_data), on_data


def test_gcp_may_act_as_the_account_of_pipelines_alone(stack_plan: StackPlan) -> None:
    grants = [
        step.inputs
        for step in resources(stack_plan, "gcp")
        if step.inputs.get("role") == "roles/iam.serviceAccountUser"
        and step.inputs.get("member") in (PIPELINES, ENGINEERS)
    ]
    assert {str(grant["serviceAccountId"]).rpartition("/")[2].partition("@")[0] for grant in grants} == {
        "acme-ml-prod-pipelines"
    }


AZURE_DENIED = (
    f"{ML}/onlineEndpoints/write",
    f"{ML}/onlineEndpoints/delete",
    f"{ML}/onlineEndpoints/deployments/write",
    f"{ML}/batchEndpoints/write",
    f"{ML}/computes/write",
    f"{ML}/write",
    f"{ML}/listKeys/action",
    "Microsoft.App/containerApps/write",
    "Microsoft.Resources/deployments/write",
)
AZURE_REGISTERS = (f"{ML}/models/versions/write", f"{ML}/models/versions/read", f"{ML}/experiments/runs/write")
AZURE_STARTS = (f"{ML}/jobs/write", f"{ML}/jobs/cancel/action", f"{ML}/environments/versions/write")
ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def azure_principal(kept: list[Step], label: str) -> str:
    (grant,) = [step for step in kept if step.name == f"acme-ml-models-models-register-{label}"]
    return str(grant.inputs["principalId"])


@pytest.mark.parametrize("label", ["pipelines", "ml-engineer-aaaaaaaa"])
def test_azure_jobs_are_started_and_nothing_is_deployed(stack_plan: StackPlan, label: str) -> None:
    kept = resources(stack_plan, "azure")
    principal = azure_principal(kept, label)
    for action in (*AZURE_REGISTERS, *AZURE_STARTS, ASSIGN):
        assert azure_allows(kept, principal, action), action
    assert not [action for action in AZURE_DENIED if azure_allows(kept, principal, action)]


@pytest.mark.parametrize("label", ["training", "data-scientist-aaaaaaaa"])
def test_azure_others_register_and_start_no_jobs(stack_plan: StackPlan, label: str) -> None:
    kept = resources(stack_plan, "azure")
    principal = azure_principal(kept, label)
    assert all(azure_allows(kept, principal, action) for action in AZURE_REGISTERS)
    assert not [action for action in (*AZURE_DENIED, *AZURE_STARTS, ASSIGN) if azure_allows(kept, principal, action)]


@pytest.mark.parametrize("label", ["data-engineer-aaaaaaaa", "domain-expert-aaaaaaaa"])
def test_azure_who_watches_starts_and_registers_nothing(stack_plan: StackPlan, label: str) -> None:
    kept = resources(stack_plan, "azure")
    own = next(str(step.inputs["principalId"]) for step in kept if f"-{label}-" in step.name)
    for action in (*AZURE_REGISTERS[:1], *AZURE_STARTS, *AZURE_DENIED, ASSIGN):
        assert not azure_allows(kept, own, action), action


def test_azure_domain_experts_write_labels_and_see_no_other_data(stack_plan: StackPlan) -> None:
    mine = [step.inputs for step in resources(stack_plan, "azure") if "-domain-expert-" in step.name]
    on_data = [grant for grant in mine if str(grant.get("scope")).endswith("/containers/data")]
    assert on_data
    assert all("'labels/'" in str(grant.get("condition")) for grant in on_data), on_data


def test_what_is_not_in_the_tables_is_an_error() -> None:
    step = Step(
        op="create",
        urn="u",
        type="gcp:projects/iAMMember:IAMMember",
        name="n",
        custom=True,
        inputs={"member": "user:a", "role": "roles/owner"},
    )
    with pytest.raises(LookupError, match="roles/owner"):
        gcp_allows([step], "user:a", "run.services.update")
