"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class LoginSpec(TypedDict):
    """How people log in: by OpenID Connect, at an application that the organisation's identity provider knows.

    The application's secret is no part of the spec: put it into the Kubernetes secret `login`, key `client-
    secret`, in the namespace `notebooks`. Its redirect address is the hub's with `/hub/oauth_callback`.
    """

    client_id: str
    """The application's id."""

    authorize_url: str
    """Where people log in: `https://login.microsoftonline.com/TENANT/oauth2/v2.0/authorize`,
    `https://accounts.google.com/o/oauth2/v2/auth`.
    """

    token_url: str
    """Where the hub gets their token: `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`,
    `https://oauth2.googleapis.com/token`.
    """

    name_claim: NotRequired[str]
    """Claim of the token that names people. Omitted: their e-mail address."""

    groups_claim: NotRequired[str]
    """Claim of the token with the groups of a person. Omitted: `groups`."""

    scopes: NotRequired[Sequence[str]]
    """Scopes that the hub asks for. Omitted: those that every provider knows; some want one more for groups."""

    groups: NotRequired[Sequence[str]]
    """Groups whose members may log in, as the claim names them: Entra sends object ids, Google sends none."""

    people: NotRequired[Sequence[str]]
    """People who may log in, by the claim that names them. Groups or people are needed: not everybody whom the
    provider knows is to have GPUs.
    """


class NotebooksSpec(TypedDict):
    """Notebooks: JupyterHub in the namespace `notebooks`, with a choice of pools and a home of its own for each
    person.

    Servers are pods in the namespace of jobs, as its service account `training`: they have the data and the queue
    of the platform, or of the team that is named. One with GPUs waits in that queue as a job does, and counts in
    its quota.
    """

    login: LoginSpec
    """How people log in, and who may."""

    pools: Sequence[str]
    """Pools to choose from, the first one by default: CPU pools, and GPU pools without a fabric."""

    team: NotRequired[str]
    """Team in whose namespace, quota and identity the servers are. Omitted: the platform's own namespace of jobs."""

    image: NotRequired[str]
    """Image of the servers, with a tag; it has `jupyterhub-singleuser`. Omitted: JupyterHub's own sample, which has
    JupyterLab and no framework.
    """

    address: NotRequired[str]
    """Where people open the hub. Omitted: a port that each of them forwards, `kubectl --namespace notebooks port-
    forward service/proxy-public 8000:80`. Another address is that of an ingress or gateway of yours, which then
    reaches the hub.
    """

    vcpus: NotRequired[float]
    """CPUs of a server on a CPU pool. With a GPU, it has the GPU's part of its node."""

    memory_gib: NotRequired[int]
    """Memory of a server on a CPU pool, GiB, at least and at most."""

    home_gib: NotRequired[int]
    """Disk of each person's home, GiB, under the platform's key. It stays when the server ends."""

    idle_minutes: NotRequired[int]
    """Minutes without activity after which a server ends and its GPU is free. An open page and a kernel's output are
    activity; a silent cell behind a closed page is none.
    """

    max_hours: NotRequired[int]
    """Hours after which a server ends, whatever it does: longer work is a job."""
