"""A token of CI lets its job act as the platform's identity, or it does not: both forms of GitHub's subjects."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from mlplatform import AccessSpec, AwsTarget, AzureTarget, CiSpec, Context, GcpTarget, Identity, PlatformSpec, discovery
from mlplatform.mock_cloud.logins import GitHubJob, identities_of
from mlplatform.plan.model import Step
from mlplatform.plan.record import record_program
from mlplatform.spec.target import Target

TARGETS: dict[str, Target] = {
    "aws": AwsTarget(account_id="123456789012", region="us-east-1"),
    "gcp": GcpTarget(project="acme-ml", project_number="123456789012", region="us-central1"),
    "azure": AzureTarget(
        subscription_id="00000000-0000-4000-8000-000000000000",
        tenant_id="11111111-1111-4111-8111-111111111111",
        location="eastus",
    ),
}
NAMES = CiSpec(repository="acme/models")
IDS = NAMES.overlay(owner_id="123456", repository_id="456789")
GITLAB = CiSpec(system="gitlab", repository="acme/models")
TRUSTED = {"names": NAMES, "ids": IDS, "gitlab": GITLAB}
OLD = GitHubJob(owner="acme", repository="models", owner_id="123456", repository_id="456789", immutable=False)
NEW = replace(OLD, immutable=True)


@cache
def _planned(cloud: str, trusted: str) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    spec = PlatformSpec(
        name="acme-ml",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=(TARGETS[cloud],),
        access=AccessSpec(ci=TRUSTED[trusted]),
    )
    notes: list[str] = []

    def program() -> None:
        context = Context(spec)
        Identity("acme-ml-ci", "ci", context)
        notes.extend(f"{note.path}: {note.text}" for note in context.notes)

    account = discovery.backend(cloud).account(spec.targets[0])
    return tuple(record_program(program, account=account, stack="dev", resolve=True).resources()), tuple(notes)


@pytest.mark.parametrize("cloud", TARGETS)
@pytest.mark.parametrize(("trusted", "job"), [("names", OLD), ("ids", NEW)], ids=["names", "ids"])
def test_the_trusted_branch_gets_in(cloud: str, trusted: str, job: GitHubJob) -> None:
    assert len(identities_of(job, _planned(cloud, trusted)[0])) == 1


@pytest.mark.parametrize("cloud", TARGETS)
@pytest.mark.parametrize(
    ("trusted", "job"),
    [
        ("names", NEW),
        ("ids", OLD),
        ("ids", replace(NEW, repository_id="999")),
        ("ids", replace(NEW, owner_id="999")),
        ("ids", replace(NEW, repository="models-2")),
        ("ids", replace(NEW, branch="feature")),
        ("ids", replace(NEW, pull_request=True)),
        ("ids", replace(NEW, environment="prod")),
        ("names", replace(OLD, environment="prod")),
    ],
    ids=lambda value: value if isinstance(value, str) else value.claims("")["sub"],
)
def test_every_other_token_is_refused(cloud: str, trusted: str, job: GitHubJob) -> None:
    assert identities_of(job, _planned(cloud, trusted)[0]) == ()


@pytest.mark.parametrize("cloud", TARGETS)
def test_trust_by_names_is_told_with_the_way_to_the_ids(cloud: str) -> None:
    (note,) = [note for note in _planned(cloud, "names")[1] if note.startswith("access.ci")]
    assert "gh api repos/acme/models --jq '.owner.id, .id'" in note
    assert "repo:acme/models:ref:refs/heads/main" in note
    assert not [note for note in _planned(cloud, "ids")[1] if note.startswith("access.ci")]
    assert not [note for note in _planned(cloud, "gitlab")[1] if note.startswith("access.ci")]
