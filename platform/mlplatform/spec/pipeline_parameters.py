"""The values that a run of a pipeline may be given."""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel

ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-zA-Z0-9]{0,39}$")]
"""Camel case: EventBridge carries neither underscores nor hyphens in the name of a pipeline's parameter."""

ParameterType = Literal["string", "integer", "float", "boolean"]


class ParameterSpec(SpecModel):
    """A value that a run may be given."""

    name: ParameterName
    """Unique in the pipeline; camel case, without underscores and hyphens: `learningRate`."""

    type: ParameterType = "string"
    """Its type."""

    default: bool | int | float | str
    """The value of a run that is not given any. Needed, because triggers start runs without values."""

    @model_validator(mode="after")
    @refuses
    def _typed(self) -> Iterator[FieldProblem]:
        kind = type_of(self.default)
        if isinstance(self.default, float) and not isfinite(self.default):
            yield FieldProblem(("default",), "a finite number: JSON has no other", "correct it")
        if kind != self.type and not (kind == "integer" and self.type == "float"):
            yield FieldProblem(("default",), f"a value of type {self.type}", "correct it, or type", fields=(("type",),))
        if len(str(self.default)) > _LONGEST_VALUE:
            yield FieldProblem(
                ("default",), f"at most {_LONGEST_VALUE} characters, SageMaker's limit", "hand the path of a file on"
            )


def type_of(value: bool | float | str) -> ParameterType:
    """The type of a value."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "float"
        case _:
            return "string"


def value_text(value: bool | float | str) -> str:
    """A parameter's value as a step gets it, the same on every engine."""
    return str(value).lower() if isinstance(value, bool) else str(value)


_LONGEST_VALUE = 1024
MOST_PARAMETERS = 20
"""Azure ML and SageMaker take more; a person who reads a run does not."""
