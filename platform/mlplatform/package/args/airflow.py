"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class AirflowLoginSpec(TypedDict):
    """How people log in: by OpenID Connect, at an application that the organisation's identity provider knows.

    The application's secret is no part of the spec: put it into the Kubernetes secret `login`, key `client-
    secret`, in the namespace `airflow`. Its redirect address is Airflow's with `/auth/oauth-authorized/login`.
    """

    client_id: str
    """The application's id."""

    issuer: str
    """The provider, whose settings are below it at `/.well-known/openid-configuration`:
    `https://login.microsoftonline.com/TENANT/v2.0`, `https://accounts.google.com`.
    """

    name_claim: NotRequired[str]
    """Claim of the token that names people. Omitted: their e-mail address."""

    groups_claim: NotRequired[str]
    """Claim of the token with the groups of a person. Omitted: `groups`."""

    scopes: NotRequired[Sequence[str]]
    """Scopes that Airflow asks for. Omitted: those that every provider knows; some want one more for groups."""

    groups: NotRequired[Sequence[str]]
    """Groups whose members may log in, as the claim names them: Entra sends object ids, Google sends none."""

    people: NotRequired[Sequence[str]]
    """People who may log in, by the claim that names them. Groups or people are needed: whoever logs in starts
    pipelines.
    """


class AirflowSpec(TypedDict):
    """Airflow in the namespace `airflow`, which runs the pipelines with engine `airflow`.

    Its DAGs are those of the spec; `up` of the cluster's stack brings them. What it knows of runs is in a
    database of its own on the tracking server's PostgreSQL, so that it needs `tracking` in this cluster; logs of
    tasks are in the store. People who log in start, stop and clear runs; nobody is an administrator.
    """

    login: AirflowLoginSpec
    """How people log in, and who may."""

    address: NotRequired[str]
    """Where people open it. Omitted: a port that each of them forwards, `kubectl --namespace airflow port-forward
    service/airflow-api-server 8080`. Another address is that of an ingress or gateway of yours, which then
    reaches it.
    """
