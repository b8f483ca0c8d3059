"""Who may write which place of the store, as each cloud would decide: nothing that runs writes what endpoints serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from mlplatform.mock_cloud.rights import aws_allows, azure_data_actions
from mlplatform.plan.model import Plan, Step
from mlplatform.spec.artifact_store import PLACES, Place, StoreAccess

from ..conftest import CLOUDS

StackPlan = Callable[..., Plan]

WANTED: Mapping[str, Mapping[Place, StoreAccess]] = {
    "pipelines": {
        "data": "write", "features": "write", "models": "read", "pipelines": "write", "monitoring": "read"
    },
    "training": {"data": "read", "features": "write", "models": "read", "pipelines": "write"},
    "ci": {},
    "data-scientist": {
        "data": "read", "features": "read", "models": "read", "pipelines": "write", "monitoring": "read"
    },
    "ml-engineer": {"data": "read", "features": "read", "models": "add", "pipelines": "write", "monitoring": "read"},
    "data-engineer": {"data": "write", "features": "write"},
    "auditor": {},
    "operator": {},
    # of the data, the folder `labels` alone: tests/mock_cloud/test_rights.py
    "domain-expert": {"data": "write", "pipelines": "read", "monitoring": "read"},
}  # fmt: skip
NEW = {"s3:if-none-match": "*"}
"""What S3 knows of a request that must not replace an object."""
PART = {"s3:ObjectCreationOperation": "false"}
"""What it knows of a part of a large upload, which is no object yet."""
ADDS = ("roles/storage.objectCreator", "acme-ml-store-add-role")
WRITES = ("roles/storage.objectUser", "ba92f5b4-2d11-453d-a403-e96b0029c9fe")
READS = ("roles/storage.objectViewer", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
MEMBERS = {
    "data-scientist": "group:ml-scientists@",
    "ml-engineer": "group:ml-engineers@",
    "data-engineer": "group:ml-data-engineers@",
    "domain-expert": "group:fraud-analysts@",
}


def _on_aws(kept: Sequence[Step], identity: str) -> dict[Place, StoreAccess]:
    found: dict[Place, StoreAccess] = {}
    for place in PLACES:
        (bucket,) = (each for each in kept if each.name == f"acme-ml-store-{place}" and "Bucket" in each.type)
        objects, role = f"{bucket.outputs['arn']}/labels/x", f"acme-ml-prod-{identity}"
        if aws_allows(kept, role, "s3:PutObject", objects) or aws_allows(kept, role, "s3:DeleteObject", objects):
            found[place] = "write"
        elif aws_allows(kept, role, "s3:PutObject", objects, NEW):
            found[place] = "add"
        elif aws_allows(kept, role, "s3:GetObject", objects):
            found[place] = "read"
    return found


def _by_roles(kept: Sequence[Step], where: str, mine: Callable[[Step], bool], part: str) -> dict[Place, StoreAccess]:
    found: dict[Place, StoreAccess] = {}
    own = [str(each.inputs["roleDefinitionId"]) for each in kept if each.name in ADDS]
    for place in PLACES:
        roles = {
            str(each.inputs.get("role") or each.inputs.get("roleDefinitionId")).rpartition("/")[2]
            for each in kept
            if part.format(place) in str(each.inputs.get(where)) and mine(each)
        }
        if roles & {role.rpartition("/")[2] for role in WRITES}:
            found[place] = "write"
        elif roles & {role.rpartition("/")[2] for role in (*ADDS, *own)}:
            found[place] = "add"
        elif roles & {role.rpartition("/")[2] for role in READS}:
            found[place] = "read"
    return found


def _on_gcp(kept: Sequence[Step], identity: str) -> dict[Place, StoreAccess]:
    member = MEMBERS.get(identity, f"serviceAccount:acme-ml-prod-{identity}@")
    return _by_roles(kept, "bucket", lambda each: str(each.inputs.get("member")).startswith(member), "-prod-{}-")


def _on_azure(kept: Sequence[Step], identity: str) -> dict[Place, StoreAccess]:
    return _by_roles(kept, "scope", lambda each: f"-{identity}-" in each.name, "/containers/{}")


READ = {"aws": _on_aws, "gcp": _on_gcp, "azure": _on_azure}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("identity", WANTED)
def test_places(stack_plan: StackPlan, cloud: str, identity: str) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    assert READ[cloud](list(plan.resources()), identity) == WANTED[identity]
    told = {each.on: each.right for each in plan.grants if each.holder == identity and each.on in PLACES}
    assert told == WANTED[identity], "what `mlplatform access` says is not what the cloud would decide"


def test_no_role_of_aws_reaches_a_place_without_a_grant_that_is_told(stack_plan: StackPlan) -> None:
    plan = stack_plan("prod", "aws", resolve=True)
    kept = list(plan.resources())
    told = {each.holder for each in plan.grants}
    roles = [str(each.inputs["name"]) for each in kept if each.type == "aws:iam/role:Role" and "name" in each.inputs]
    silent = [role for role in roles if role.removeprefix("acme-ml-prod-").removesuffix("-identity") not in told]
    # a service's own role copies objects to the second region: it reads every place, and writes none
    reach = {role: _on_aws(kept, role.removeprefix("acme-ml-prod-")) for role in silent}
    assert not {role: found for role, found in reach.items() if "write" in found.values()}


def test_what_is_released_cannot_be_changed_by_who_copies_it_on_aws(stack_plan: StackPlan) -> None:
    kept = list(stack_plan("prod", "aws", resolve=True).resources())
    (bucket,) = (each for each in kept if each.name == "acme-ml-store-models" and "Bucket" in each.type)

    def may(action: str, context: dict[str, str] | None = None) -> bool:
        return aws_allows(kept, "acme-ml-prod-ml-engineer", action, f"{bucket.outputs['arn']}/fraud/7/m.bin", context)

    assert may("s3:PutObject", NEW)
    assert may("s3:PutObject", PART)
    assert not may("s3:PutObject"), "S3 replaces an object unless the request asks it not to"
    assert not may("s3:PutObject", {"s3:ObjectCreationOperation": "true"})
    for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectTagging", "s3:PutObjectAcl"):
        assert not may(action, NEW), action


def test_what_is_released_cannot_be_changed_by_who_copies_it_on_google_cloud(stack_plan: StackPlan) -> None:
    kept = list(stack_plan("prod", "gcp", resolve=True).resources())
    roles = {
        str(each.inputs["role"])
        for each in kept
        if str(each.inputs.get("member")).startswith("group:ml-engineers@")
        and "-models-" in str(each.inputs.get("bucket"))
    }
    # the creator of objects may not delete, and a replacement needs that right
    assert roles == {"roles/storage.objectViewer", "roles/storage.objectCreator"}


def test_what_is_released_cannot_be_changed_by_who_copies_it_on_azure(stack_plan: StackPlan) -> None:
    kept = list(stack_plan("prod", "azure", resolve=True).resources())
    principals = {
        str(each.inputs["principalId"])
        for each in kept
        if each.type.endswith(":RoleAssignment") and "-models-add-" in each.name
    }
    assert principals
    for principal in principals:
        found = azure_data_actions(kept, principal, "/containers/models")
        assert {action.rpartition("/blobs/")[2] for action in found} == {"add/action", "write"}
        (condition,) = set(found.values())
        assert "blobs/write'} AND SubOperationMatches{'Blob.Write.WithTagHeaders'}" in condition, "write would replace"
        others = [
            each.name
            for each in kept
            if each.type.endswith(":RoleAssignment")
            and each.inputs["principalId"] == principal
            and str(each.inputs["scope"]).endswith("/containers/models")
            and "-models-add-" not in each.name
        ]
        assert all(name.endswith("-blob-reader") for name in others), others
