"""Operations of AWS' APIs as boto3's clients have them, and the codes of their refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

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
