"""Login of a CI system to a cloud without a key, from a backend's optional `ci_login` module. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, get_args

from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

Duty = Literal["preview", "deploy", "images"]
"""Work of a job: show changes, make them, or push images."""
DUTIES: tuple[Duty, ...] = get_args(Duty)

TOKEN = "$MLPLATFORM_TOKEN"
"""Stands in a value for the path of the file that holds the job's OIDC token."""
DOCUMENT = "$MLPLATFORM_DOCUMENT"
"""Stands in a value for the path of the file that `CiLogin.document` is written to."""


@record(kw_only=True)
class CiLogin:
    """One identity of one target, and the environment with which a job acts as it."""

    identity: str
    """Name for people: a role, a service account, or the CI variable that holds the client id."""

    audience: str
    """Audience of the CI system's token."""

    environment: Mapping[str, str]
    """Environment variables that the cloud's SDKs read; a value may be another variable, `$NAME`."""

    images: Mapping[str, str]
    """Addresses for `docker push`, by repository."""

    variables: tuple[str, ...] = ()
    """Variables that a person sets in the CI system, because only the cloud knows their value; none is secret."""

    document: str = ""
    """JSON that an environment variable points to; it holds no secret. Empty: none is needed."""

    registry_login: str = ""
    """Shell command that lets docker push, with the environment above; needs the cloud's own command line."""


@record(kw_only=True)
class CiSystem:
    """The CI system, as a backend needs it to name identities."""

    name: str
    """`github`, `gitlab` or another."""

    own: bool = False
    """True if the spec's `access.ci` trusts this same system, so that `images` is the identity the platform makes."""


@contract("ci_login")
class BuildsCiLogin(Protocol):
    """Names the identity of one kind of job, from a spec narrowed to the cloud."""

    def __call__(self, spec: PlatformSpec, duty: Duty, system: CiSystem, /) -> CiLogin: ...
