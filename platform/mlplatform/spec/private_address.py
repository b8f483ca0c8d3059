"""An address in a private network."""

from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Annotated

from pydantic import BeforeValidator

from mlplatform.field_problem import FieldProblem, FieldsRefused

_PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""https://www.rfc-editor.org/rfc/rfc1918"""


def _private(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        address = IPv4Address(value)
    except AddressValueError:
        address = None
    if address is None or not any(address in network for network in _PRIVATE):
        raise FieldsRefused(
            FieldProblem(
                (),
                "an IPv4 address of a private network (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)",
                "write the address that its cloud shows for it",
                got=repr(value[:40]),
            )
        )
    return value


PrivateAddress = Annotated[str, BeforeValidator(_private)]
"""An IPv4 address of a private network."""
