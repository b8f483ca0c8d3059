"""The Pulumi program of the bootstrap, planned by the strict mocks as `mlplatform bootstrap --program` writes it."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest

from mlplatform import discovery
from mlplatform.bootstrap.folder import program_files
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record_program

from ..conftest import CLOUDS, ROOT, _spec  # pyright: ignore[reportPrivateUsage]
from .test_bootstrap import _bootstrap  # pyright: ignore[reportPrivateUsage]


@cache
def _planned(cloud: str) -> Plan:
    target = _spec(ROOT / "stacks/prod.py").target(cloud)
    with TemporaryDirectory() as folder:
        for name, text in program_files(f"prod-{cloud}", _bootstrap(cloud)).items():
            (Path(folder) / name).write_text(text, "utf-8")

        def program() -> None:
            runpy.run_path(str(Path(folder) / "__main__.py"), run_name="__main__")

        account = discovery.backend(cloud).account(target)
        return record_program(program, account=account, stack=f"bootstrap-prod-{cloud}", resolve=True)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_program_is_accepted_by_the_provider(cloud: str) -> None:
    assert len(_planned(cloud).resources()) > 10


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_state_is_kept(cloud: str) -> None:
    kept = {step.type.rpartition(":")[2] for step in _planned(cloud).resources() if step.protect}
    assert kept in ({"Key", "Bucket"}, {"CryptoKey", "Bucket"}, {"StorageAccount", "Vault", "Key"})


def test_aws_policies_are_those_of_the_script() -> None:
    documents = _bootstrap("aws").documents
    made = [json.loads(str(step.inputs["policy"])) for step in _planned("aws").of_type("aws:iam/policy:Policy")]
    named = [json.loads(text) for name, text in documents.items() if "trust" not in name]
    assert sorted(map(json.dumps, made)) == sorted(map(json.dumps, named))


def test_gcp_grants_are_under_the_condition() -> None:
    grant = next(
        step for step in _planned("gcp").resources() if step.type.endswith("IAMMember") and step.name == "grant"
    )
    condition = json.loads(_bootstrap("gcp").documents["grant-condition.json"])
    assert grant.inputs["condition"] == condition
    record = next(step for step in _planned("gcp").resources() if step.name == "record")
    assert record.inputs["condition"] == json.loads(_bootstrap("gcp").documents["record-condition.json"])
    members = _planned("gcp").of_type("gcp:billing/accountIamMember:AccountIamMember")
    assert {step.inputs["role"] for step in members} == {"roles/billing.costsManager", "roles/billing.viewer"}


def test_azure_assignments_are_under_the_condition() -> None:
    assigned = {step.name: step.inputs for step in _planned("azure").of_type("RoleAssignment")}
    assert assigned["deploy-role"]["condition"] == _bootstrap("azure").documents["assign-condition.txt"]
    assert "condition" not in assigned["preview-role"]
    for step in _planned("azure").of_type("RoleDefinition"):
        (permission,) = cast("list[dict[str, object]]", step.inputs["permissions"])
        document = json.loads(_bootstrap("azure").documents[f"{step.name}-role.json"])
        assert (permission.get("dataActions") or []) == document["DataActions"]
