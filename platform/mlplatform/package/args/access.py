"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class CiSpec(TypedDict):
    """The CI system that may push images and start deployments, by OIDC and without keys."""

    system: NotRequired[str]
    """Whose OIDC tokens are trusted: GitHub Actions or GitLab.com.

    One of github, gitlab.
    """

    repository: str
    """`owner/repository`; nested groups are allowed on GitLab."""

    branch: NotRequired[str]
    """The only branch whose runs are trusted."""


class AccessSpec(TypedDict):
    """Least privilege by grants. People are bound to roles in the target, where their directory lives."""

    ci: NotRequired[CiSpec]
    """Omitted: no CI identity is made."""

    training_namespace: NotRequired[str]
    """Kubernetes namespace whose `training` service account carries the training identity."""
