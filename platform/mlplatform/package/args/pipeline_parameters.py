"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import Any, NotRequired, TypedDict


class ParameterSpec(TypedDict):
    """A value that a run may be given."""

    name: str
    """Unique in the pipeline; camel case, without underscores and hyphens: `learningRate`."""

    type: NotRequired[str]
    """Its type.

    One of string, integer, float, boolean.
    """

    default: Any
    """The value of a run that is not given any. Needed, because triggers start runs without values."""
