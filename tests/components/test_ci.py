"""What the tokens of a CI system say, from the spec alone."""

from __future__ import annotations

from mlplatform import CiSpec


def test_issuer_and_subject_of_github() -> None:
    ci = CiSpec(repository="acme/models", branch="release/1")
    assert ci.issuer == "https://token.actions.githubusercontent.com"
    assert ci.subject == "repo:acme/models:ref:refs/heads/release/1"


def test_issuer_and_subject_of_gitlab() -> None:
    ci = CiSpec(system="gitlab", repository="acme/ml/models")
    assert ci.issuer == "https://gitlab.com"
    assert ci.subject == "project_path:acme/ml/models:ref_type:branch:ref:main"
