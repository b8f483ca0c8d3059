"""What a model and its versions may be called."""

from typing import Annotated

from pydantic import StringConstraints

ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,180}$")]
"""A model of the registry: `fraud`, `vision/tagger`."""

Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A version of a model."""


def split_model(path: str) -> tuple[str, str | None]:
    """Name and version of a model as the spec names it: `fraud/7` pins version 7, `fraud` follows the record."""
    name, slash, version = path.rpartition("/")
    return (name, version) if slash else (path, None)
