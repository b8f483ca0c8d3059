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

    branch: NotRequired[str]
    """The only branch with trusted runs."""


class AccessSpec(TypedDict):
    """Access by grants, with least privilege. People get their roles in the target, which knows their directory."""

    ci: NotRequired[CiSpec]
    """The CI system that deploys. Omitted: no CI identity is created."""

    training_namespace: NotRequired[str]
    """Kubernetes namespace whose `training` service account carries the training identity."""
