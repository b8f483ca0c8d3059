"""Claims of a CI system's tokens, from the spec alone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mlplatform import CiSpec


def test_issuer_and_subject_of_github() -> None:
    ci = CiSpec(repository="acme/models", branch="release/1")
    assert ci.issuer == "https://token.actions.githubusercontent.com"
    assert ci.subject == "repo:acme/models:ref:refs/heads/release/1"


def test_issuer_and_subject_of_gitlab() -> None:
    ci = CiSpec(system="gitlab", repository="acme/ml/models")
    assert ci.issuer == "https://gitlab.com"
    assert ci.subject == "project_path:acme/ml/models:ref_type:branch:ref:main"
    assert ci.preview_subjects == (ci.subject,)
    assert ci.deploy_subject("prod") == ci.subject
    assert not ci.by_names, "the advice about ids is GitHub's"


def test_subjects_of_a_repository_that_sends_its_ids() -> None:
    ci = CiSpec(repository="octocat/my-repo", owner_id="123456", repository_id="456789")
    # the example of https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
    assert ci.subject == "repo:octocat@123456/my-repo@456789:ref:refs/heads/main"
    assert ci.preview_subjects == (ci.subject,)
    assert ci.deploy_subject("prod") == "repo:octocat@123456/my-repo@456789:environment:prod"
    assert not ci.by_names


def test_subjects_of_jobs_by_names_alone() -> None:
    ci = CiSpec(repository="acme/models")
    assert ci.preview_subjects == ("repo:acme/models:ref:refs/heads/main",)
    assert ci.deploy_subject("prod") == "repo:acme/models:environment:prod"
    assert ci.by_names


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"owner_id": "1"}, "repository_id: got nothing"),
        ({"repository_id": "1"}, "owner_id: got nothing"),
        ({"system": "gitlab", "owner_id": "1", "repository_id": "2"}, "owner_id: .* repository_id: "),
        ({"owner_id": "acme", "repository_id": "2"}, "owner_id"),
        ({"repository": "acme/ml/models"}, "owner/repository on GitHub"),
    ],
)
def test_ids_that_no_subject_can_hold(fields: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        CiSpec.model_validate({"repository": "acme/models", **fields})
