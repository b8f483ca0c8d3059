"""Notebooks in the training cluster: JupyterHub, who logs in, and on which pools their servers run."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel
from mlplatform.spec.moving_names import pinned_image
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.teams import TeamName

LOCAL = "http://localhost:8000"
"""Where people reach the hub by a forwarded port."""

HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[!-~]*)?$")]
HubUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(https://[A-Za-z0-9][A-Za-z0-9.-]*|http://localhost)(:[0-9]{1,5})?$"),
]
Claim = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_:./-]{0,127}$")]
Member = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
TaggedImage = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$"),
    AfterValidator(pinned_image),
]


class LoginSpec(SpecModel):
    """How people log in: by OpenID Connect, at an application that the organisation's identity provider knows.

    The application's secret is no part of the spec: put it into the Kubernetes secret `login`, key `client-secret`, in
    the namespace `notebooks`. Its redirect address is the hub's with `/hub/oauth_callback`.
    """

    client_id: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
    """The application's id."""

    authorize_url: HttpsUrl
    """Where people log in: `https://login.microsoftonline.com/TENANT/oauth2/v2.0/authorize`,
    `https://accounts.google.com/o/oauth2/v2/auth`."""

    token_url: HttpsUrl
    """Where the hub gets their token: `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`,
    `https://oauth2.googleapis.com/token`."""

    name_claim: Claim = "email"
    """Claim of the token that names people. Omitted: their e-mail address."""

    groups_claim: Claim = "groups"
    """Claim of the token with the groups of a person. Omitted: `groups`."""

    scopes: tuple[Claim, ...] = ("openid", "email", "profile")
    """Scopes that the hub asks for. Omitted: those that every provider knows; some want one more for groups."""

    groups: tuple[Member, ...] = ()
    """Groups whose members may log in, as the claim names them: Entra sends object ids, Google sends none."""

    people: tuple[Member, ...] = ()
    """People who may log in, by the claim that names them. Groups or people are needed: not everybody whom the provider
    knows is to have GPUs."""


class NotebooksSpec(SpecModel):
    """Notebooks: JupyterHub in the namespace `notebooks`, with a choice of pools and a home of its own for each person.

    Servers are pods in the namespace of jobs, as its service account `training`: they have the data and the queue of
    the platform, or of the team that is named. One with GPUs waits in that queue as a job does, and counts in its
    quota.
    """

    login: LoginSpec
    """How people log in, and who may."""

    pools: tuple[PoolName, ...] = Field(min_length=1)
    """Pools to choose from, the first one by default: CPU pools, and GPU pools without a fabric."""

    team: TeamName | None = None
    """Team in whose namespace, quota and identity the servers are. Omitted: the platform's own namespace of jobs."""

    image: TaggedImage | None = None
    """Image of the servers, with a tag; it has `jupyterhub-singleuser`. Omitted: JupyterHub's own sample, which has
    JupyterLab and no framework."""

    address: HubUrl = LOCAL
    """Where people open the hub. Omitted: a port that each of them forwards,
    `kubectl --namespace notebooks port-forward service/proxy-public 8000:80`. Another address is that of an ingress or
    gateway of yours, which then reaches the hub."""

    vcpus: float = Field(default=2, ge=0.5, le=64)
    """CPUs of a server on a CPU pool. With a GPU, it has the GPU's part of its node."""

    memory_gib: int = Field(default=8, ge=1, le=512)
    """Memory of a server on a CPU pool, GiB, at least and at most."""

    home_gib: int = Field(default=20, ge=1, le=16000)
    """Disk of each person's home, GiB, under the platform's key. It stays when the server ends."""

    idle_minutes: int = Field(default=60, ge=10, le=1440)
    """Minutes without activity after which a server ends and its GPU is free. An open page and a kernel's output are
    activity; a silent cell behind a closed page is none."""

    max_hours: int = Field(default=24, ge=1, le=168)
    """Hours after which a server ends, whatever it does: longer work is a job."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"pools"})

    @model_validator(mode="after")
    @refuses
    def _named_once(self) -> Iterator[FieldProblem]:
        yield from repeated("pools", self.pools, inner=None, of="profile")

    def on_pools(self, pools: tuple[str, ...]) -> "NotebooksSpec | None":
        """The notebooks of a target that has only some of the pools; None where it has none of theirs."""
        there = tuple(pool for pool in self.pools if pool in pools)
        if not there:
            return None
        return self if there == self.pools else self.rejoined({"pools": there})
