"""How a CI system logs in to a cloud without a key: what a backend's `ci_login` module returns. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from mlplatform.fast.record import record

Duty = Literal["preview", "deploy", "images"]
"""What a job does: look, change, or push images."""
DUTIES: tuple[Duty, ...] = get_args(Duty)

TOKEN = "$MLPLATFORM_TOKEN"
"""Stands in a value for the path of the file that holds the job's OIDC token."""
DOCUMENT = "$MLPLATFORM_DOCUMENT"
"""Stands in a value for the path of the file that `CiLogin.document` is written to."""


@record(kw_only=True)
class CiLogin:
    """One identity of one target, and what a job's environment must hold to act as it."""

    identity: str
    """Who the job becomes, for people: a role, a service account, or the CI variable that holds the client id."""

    audience: str
    """Whom the CI system's token is for."""

    environment: Mapping[str, str]
    """Environment variables that the cloud's SDKs read; a value may be another variable, `$NAME`."""

    images: Mapping[str, str]
    """What `docker push` takes, by repository."""

    variables: tuple[str, ...] = ()
    """Variables that a person sets in the CI system, because only the cloud knows their value; none is secret."""

    document: str = ""
    """JSON that an environment variable points to; it holds no secret. Empty: none is needed."""

    registry_login: str = ""
    """Shell command that lets docker push, with the environment above; needs the cloud's own command line."""


@record(kw_only=True)
class CiSystem:
    """What a backend must know of the CI system to name its identities."""

    name: str
    """`github`, `gitlab` or another."""

    own: bool = False
    """Whether the spec's `access.ci` trusts this very system, so that `images` is the identity the platform makes."""
