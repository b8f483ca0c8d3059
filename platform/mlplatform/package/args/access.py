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

    runner: NotRequired[str]
    """Where its jobs run. `hosted`: on the CI system's own machines, which reach nothing private. `network`: on
    machines inside the platform's network, one per job, which also reach a private registry and the cluster's
    API.

    One of hosted, network.
    """


class AccessSpec(TypedDict):
    """Access by grants, with least privilege. People get their roles in the target, which knows their directory."""

    ci: NotRequired[CiSpec]
    """The CI system that deploys. Omitted: no CI identity is created."""

    entry: NotRequired[str]
    """How people reach the cluster's private API, and whatever else is private in the network.

    `broker`: the cloud's own broker, which checks the person's role and opens no port: on AWS sessions through a
    small machine without any inbound rule (about 7 USD a month), on GCP the API's DNS endpoint (free), on Azure
    run-command (free, one command at a time). `peering`: a connection to the hub network that the target's `hub`
    names. `none`: nothing is made, because a connection of yours leads into the network already. Omitted:
    `broker`; `none` if `training.api_cidrs` has public ranges.

    One of broker, peering, none.
    """

    training_namespace: NotRequired[str]
    """Kubernetes namespace whose `training` service account carries the training identity."""
