"""Access: workload identities, CI, and people's roles."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel

Workload = Literal["training", "pipelines", "ci"]
WORKLOADS: tuple[Workload, ...] = ("training", "pipelines", "ci")

Role = Literal["data-scientist", "ml-engineer", "data-engineer", "operator", "auditor", "domain-expert"]
ROLES: tuple[Role, ...] = (
    "data-scientist",
    "ml-engineer",
    "data-engineer",
    "operator",
    "auditor",
    "domain-expert",
)
"""Roles of people. A domain expert knows what the data means: labels rows, and signs candidates off."""

JOB_ROLES: tuple[Role, ...] = ("data-scientist", "ml-engineer")
"""Roles of people who run jobs in the platform's own namespace of the training cluster."""

READS_MODELS: tuple[Role, ...] = ("data-scientist", "ml-engineer")
"""Roles that read `models` and pull images."""

ADDS_MODELS: tuple[Role, ...] = ("ml-engineer",)
"""Roles that add versions to `models` and push images."""

CLUSTER_ROLES: tuple[Role, ...] = tuple(role for role in ROLES if role != "domain-expert")
"""Roles of people with a login to the cluster. What a domain expert reads and writes is in the store."""

Entry = Literal["broker", "peering", "none"]
"""A way from people's machines to the cluster's private API."""

_ISSUERS = {"github": "https://token.actions.githubusercontent.com", "gitlab": "https://gitlab.com"}


GitHubId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$")]
"""A number by which GitHub knows an account or a repository for ever, as text."""


class CiSpec(SpecModel):
    """The CI system that may push images and start deployments, by OIDC and without keys."""

    system: Literal["github", "gitlab"] = "github"
    """Issuer of the trusted OIDC tokens: GitHub Actions or GitLab.com."""

    repository: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$")]
    """`owner/repository`; nested groups are allowed on GitLab."""

    owner_id: GitHubId | None = None
    """GitHub's number of the repository's owner, as text: `"123456"`. Needs `repository_id`.

    Tokens of a repository that was created, renamed or moved since 2026-07-15 carry both numbers in their subject, and
    so do those of older repositories whose owner opted in:
    https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
    `gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'` prints both numbers. With them, only tokens that carry them
    are trusted; omitted, only tokens that carry the names alone.
    """

    repository_id: GitHubId | None = None
    """GitHub's number of the repository, as text: `"456789"`. Needs `owner_id`, which says when both are needed."""

    branch: str = Field(default="main", pattern=r"^[A-Za-z0-9._/-]+$")
    """The only branch with trusted runs."""

    runner: Literal["hosted", "network"] = "hosted"
    """Where its jobs run. `hosted`: on the CI system's own machines, which reach nothing private. `network`: on
    machines inside the platform's network, one per job, which also reach a private registry and the cluster's API."""

    @model_validator(mode="after")
    @refuses
    def _ids(self) -> Iterator[FieldProblem]:
        ids = {"owner_id": self.owner_id, "repository_id": self.repository_id}
        if self.system == "gitlab":
            for field in (name for name, value in ids.items() if value):
                yield FieldProblem(
                    (field,),
                    "no id: it is GitHub's, and subjects of GitLab's tokens hold no ids",
                    f"remove {field}, or set system to github",
                    fields=(("system",),),
                )
            return
        if (self.owner_id is None) is not (self.repository_id is None):
            missing, given = sorted(ids, key=lambda name: ids[name] is not None)
            yield FieldProblem(
                (missing,),
                f"an id beside {given}: a token's subject holds both or none",
                f"add {missing}, or remove {given}; both are printed by {self.ids_command}",
                got="nothing",
            )
        if self.repository.count("/") > 1:
            yield FieldProblem(
                ("repository",),
                "owner/repository on GitHub",
                "remove the parts that are no name of an owner or a repository, or set system to gitlab",
                fields=(("system",),),
            )

    @property
    def ids_command(self) -> str:
        """Command that prints the owner's and the repository's id on GitHub."""
        return f"`gh api repos/{self.repository} --jq '.owner.id, .id'`"

    @property
    def by_names(self) -> bool:
        """True if tokens of GitHub are trusted by names alone, which other repositories may take over later."""
        return self.system == "github" and self.repository_id is None

    @property
    def issuer(self) -> str:
        """Address of the issuer of the CI system's tokens, `https://` included."""
        return _ISSUERS[self.system]

    @property
    def subject(self) -> str:
        """The `sub` claim of a token of the trusted branch."""
        if self.system == "github":
            return f"{self._github}:ref:refs/heads/{self.branch}"
        return f"project_path:{self.repository}:ref_type:branch:ref:{self.branch}"

    @property
    def preview_subjects(self) -> tuple[str, ...]:
        """The `sub` claims of jobs that may read the platform: those of the trusted branch, whose code is reviewed.

        A pull or merge request runs the code of its own branch, which nobody has read yet: with this identity it could
        read the account and the state.
        """
        return (self.subject,)

    def deploy_subject(self, environment: str) -> str:
        """The `sub` claim of jobs that may change an environment.

        On GitHub such a job runs in the environment of the same name, and its subject names that instead of the branch:
        restrict the environment's deployment branches to the trusted one.
        """
        return f"{self._github}:environment:{environment}" if self.system == "github" else self.subject

    @property
    def _github(self) -> str:
        """The repository, as a subject of GitHub names it."""
        if self.repository_id is None:
            return f"repo:{self.repository}"
        owner, _, repository = self.repository.partition("/")
        return f"repo:{owner}@{self.owner_id}/{repository}@{self.repository_id}"


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
