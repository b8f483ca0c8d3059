"""Airflow in the training cluster: who logs in, and where people open it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from mlplatform.field_problem import EVERY, FieldProblem
from mlplatform.spec.base import SpecModel
from mlplatform.spec.notebooks import Claim, HttpsUrl, HubUrl, Member

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec

AIRFLOW_NAMESPACE = "airflow"
"""Namespace of Airflow in the training cluster."""

AIRFLOW_LOCAL = "http://localhost:8080"
"""Where people reach it by a forwarded port."""

AIRFLOW_URL = f"http://airflow-api-server.{AIRFLOW_NAMESPACE}.svc:8080"
"""Address of its interface inside the cluster."""


class AirflowLoginSpec(SpecModel):
    """How people log in: by OpenID Connect, at an application that the organisation's identity provider knows.

    The application's secret is no part of the spec: put it into the Kubernetes secret `login`, key `client-secret`, in
    the namespace `airflow`. Its redirect address is Airflow's with `/auth/oauth-authorized/login`.
    """

    client_id: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
    """The application's id."""

    issuer: HttpsUrl
    """The provider, whose settings are below it at `/.well-known/openid-configuration`:
    `https://login.microsoftonline.com/TENANT/v2.0`, `https://accounts.google.com`."""

    name_claim: Claim = "email"
    """Claim of the token that names people. Omitted: their e-mail address."""

    groups_claim: Claim = "groups"
    """Claim of the token with the groups of a person. Omitted: `groups`."""

    scopes: tuple[Claim, ...] = ("openid", "email", "profile")
    """Scopes that Airflow asks for. Omitted: those that every provider knows; some want one more for groups."""

    groups: tuple[Member, ...] = ()
    """Groups whose members may log in, as the claim names them: Entra sends object ids, Google sends none."""

    people: tuple[Member, ...] = ()
    """People who may log in, by the claim that names them. Groups or people are needed: whoever logs in starts
    pipelines."""


class AirflowSpec(SpecModel):
    """Airflow in the namespace `airflow`, which runs the pipelines with engine `airflow`.

    Its DAGs are those of the spec; `up` of the cluster's stack brings them. What it knows of runs is in a database of
    its own on the tracking server's PostgreSQL, so that it needs `tracking` in this cluster; logs of tasks are in the
    store. People who log in start, stop and clear runs; nobody is an administrator.
    """

    login: AirflowLoginSpec
    """How people log in, and who may."""

    address: HubUrl = AIRFLOW_LOCAL
    """Where people open it. Omitted: a port that each of them forwards,
    `kubectl --namespace airflow port-forward service/airflow-api-server 8080`. Another address is that of an ingress or
    gateway of yours, which then reaches it."""


def airflow_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """No database to keep runs in, nobody who logs in, and pipelines that it does not reach."""
    cluster = spec.cluster
    if cluster is None or cluster.airflow is None:
        return
    at, tracking = ("cluster", "airflow"), spec.tracking
    if tracking is None or tracking.server != "cluster":
        yield FieldProblem(
            at,
            "a tracking server in the cluster: Airflow keeps its runs in a database on the same PostgreSQL",
            "add `tracking` with server cluster, or run Airflow elsewhere and set cluster.airflow_url",
            got="no tracking" if tracking is None else f"tracking.server {tracking.server}",
            fields=(("tracking",), ("tracking", "server")),
        )
    if cluster.airflow_url is not None:
        yield FieldProblem(
            ("cluster", "airflow_url"),
            "one Airflow: the platform's own has an address of its own",
            "remove airflow_url, or remove airflow",
            fields=(at,),
        )
    login = cluster.airflow.login
    if not login.groups and not login.people:
        yield FieldProblem(
            (*at, "login", "groups"),
            "somebody who may log in",
            "name groups, or people",
            got="neither groups nor people",
            fields=((*at, "login", "people"),),
        )
    if "openid" not in login.scopes:
        yield FieldProblem(
            (*at, "login", "scopes"),
            "openid among them: without it the provider sends no token that names people",
            "add openid",
            got=", ".join(login.scopes) or "none",
        )
    if (spec.network.nat or spec.defaults.nat) == "none":
        yield FieldProblem(
            ("network", "nat"),
            "a way to the internet: Airflow's server asks the provider of logins for its keys and for tokens",
            "set network.nat to single, or run Airflow elsewhere and set cluster.airflow_url",
            got="'none'",
            fields=(at,),
        )
    if spec.access.training_namespace == AIRFLOW_NAMESPACE:
        yield FieldProblem(
            ("access", "training_namespace"),
            f"another name: Airflow has the namespace {AIRFLOW_NAMESPACE}",
            "write for example jobs",
            got=f"'{AIRFLOW_NAMESPACE}'",
            fields=(at,),
        )
    home = tracking.on if tracking else None
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine == "airflow" and home and pipeline.on not in (None, home):
            yield FieldProblem(
                ("pipelines", index, "on"),
                f"{home}, the target of the tracking server: Airflow is there, and it reaches no other cluster",
                f"write {home}, or set engine to cluster",
                got=f"'{pipeline.on}'",
                fields=(at, ("tracking", "on"), ("pipelines", EVERY, "engine")),
            )
