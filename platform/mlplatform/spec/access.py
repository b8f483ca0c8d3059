"""Access: workload identities, CI, and people's roles."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.spec.base import SpecModel

Workload = Literal["training", "pipelines", "ci"]
WORKLOADS: tuple[Workload, ...] = ("training", "pipelines", "ci")

Role = Literal["data-scientist", "ml-engineer", "data-engineer", "operator", "auditor"]
ROLES: tuple[Role, ...] = ("data-scientist", "ml-engineer", "data-engineer", "operator", "auditor")

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

    training_namespace: str = Field(default="training", pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
    """Kubernetes namespace whose `training` service account carries the training identity."""
