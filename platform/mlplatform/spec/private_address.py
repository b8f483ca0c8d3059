"""An address in a private network."""

from typing import Annotated

from pydantic import StringConstraints

_PART = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

PrivateAddress = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(10\.{_PART}|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\.{_PART}\.{_PART}$",
    ),
]
"""An IPv4 address of https://www.rfc-editor.org/rfc/rfc1918"""
