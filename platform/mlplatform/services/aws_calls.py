"""Operations of AWS' APIs as boto3's clients have them, and the codes of their refusals."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

Answer = Mapping[str, object]


class Call(Protocol):
    """An operation of the API."""

    def __call__(self, **parameters: object) -> Answer:
        """Its answer.

        Raises:
            botocore.exceptions.ClientError: the service refuses it.
        """
        ...


def refusal(error: Exception) -> str:
    """The code of a refusal of the service: `AccessDenied`; empty for any other exception."""
    response: object = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    code = cast("dict[str, dict[str, object]]", response).get("Error", {}).get("Code")
    return str(code or "")


def client_of(service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no type
    """A client of boto3, with the credentials of the container's or the pod's role.

    Args:
        service: name of the service.
        region: its region. Without it S3 is asked at an address that no private network leads to.

    Raises:
        ImportError: boto3 is not installed: it is in the image of the platform's programs, and nowhere else.
    """
    boto3, botocore = cast("Any", import_module("boto3")), cast("Any", import_module("botocore.config"))
    config = botocore.Config(
        region_name=region, connect_timeout=10, read_timeout=30, retries={"mode": "standard", "max_attempts": 4}
    )
    return boto3.client(service, config=config)
