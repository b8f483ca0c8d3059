"""Access: workload identities, CI, and people's roles."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.spec.base import SpecModel

Workload = Literal["training", "pipelines", "ci"]
WORKLOADS: tuple[Workload, ...] = ("training", "pipelines", "ci")

Role = Literal["data-scientist", "ml-engineer", "data-engineer", "operator", "auditor"]
ROLES: tuple[Role, ...] = ("data-scientist", "ml-engineer", "data-engineer", "operator", "auditor")

Entry = Literal["broker", "peering", "none"]
"""A way from people's machines to the cluster's private API."""

_ISSUERS = {"github": "https://token.actions.githubusercontent.com", "gitlab": "https://gitlab.com"}


class CiSpec(SpecModel):
    """The CI system that may push images and start deployments, by OIDC and without keys."""

    system: Literal["github", "gitlab"] = "github"
    """Issuer of the trusted OIDC tokens: GitHub Actions or GitLab.com."""

    repository: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$")]
    """`owner/repository`; nested groups are allowed on GitLab."""

    branch: str = Field(default="main", pattern=r"^[A-Za-z0-9._/-]+$")
    """The only branch with trusted runs."""

    @property
    def issuer(self) -> str:
        """Address of the issuer of the CI system's tokens, `https://` included."""
        return _ISSUERS[self.system]

    @property
    def subject(self) -> str:
        """The `sub` claim of a token of the trusted branch."""
        if self.system == "github":
            return f"repo:{self.repository}:ref:refs/heads/{self.branch}"
        return f"project_path:{self.repository}:ref_type:branch:ref:{self.branch}"


class AccessSpec(SpecModel):
    """Access by grants, with least privilege. People get their roles in the target, which knows their directory."""

    ci: CiSpec | None = None
    """The CI system that deploys. Omitted: no CI identity is created."""

    entry: Entry | None = None
    """How people reach the cluster's private API, and whatever else is private in the network.

    `broker`: the cloud's own broker, which checks the person's role and opens no port: on AWS sessions through a small
    machine without any inbound rule (about 7 USD a month), on GCP the API's DNS endpoint (free), on Azure run-command
    (free, one command at a time). `peering`: a connection to the hub network that the target's `hub` names. `none`:
    nothing is made, because a connection of yours leads into the network already. Omitted: `broker`; `none` if
    `training.api_cidrs` has public ranges.
    """

    training_namespace: str = Field(default="training", pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
    """Kubernetes namespace whose `training` service account carries the training identity."""
