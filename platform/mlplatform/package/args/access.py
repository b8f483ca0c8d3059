"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class CiSpec(TypedDict):
    """The CI system that may push images and start deployments, by OIDC and without keys."""

    system: NotRequired[str]
    """Issuer of the trusted OIDC tokens: GitHub Actions or GitLab.com.

    One of github, gitlab.
    """

    repository: str
    """`owner/repository`; nested groups are allowed on GitLab."""

    owner_id: NotRequired[str]
    """GitHub's number of the repository's owner, as text: `"123456"`. Needs `repository_id`.

    Tokens of a repository that was created, renamed or moved since 2026-07-15 carry both numbers in their
    subject, and so do those of older repositories whose owner opted in:
    https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/ `gh api
    repos/OWNER/REPOSITORY --jq '.owner.id, .id'` prints both numbers. With them, only tokens that carry them are
    trusted; omitted, only tokens that carry the names alone.
    """

    repository_id: NotRequired[str]
    """GitHub's number of the repository, as text: `"456789"`. Needs `owner_id`, which says when both are needed."""

    branch: NotRequired[str]
    """The only branch with trusted runs."""


class AccessSpec(TypedDict):
    """Access by grants, with least privilege. People get their roles in the target, which knows their directory."""

    ci: NotRequired[CiSpec]
    """The CI system that deploys. Omitted: no CI identity is created."""

    training_namespace: NotRequired[str]
    """Kubernetes namespace whose `training` service account carries the training identity."""
