"""The steps of a definition of SageMaker Pipelines: jobs, conditions, and what JSON has of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TypeAlias, cast

from mlplatform.fast.record import record
from mlplatform.pipelines.forms.sagemaker_spec import Get, Join, Parameter, Processing, Training

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value]"


@record(kw_only=True)
class PropertyFile:
    """A file of an output that conditions read."""

    property_file_name: str
    output_name: str
    file_path: str


@record(kw_only=True)
class CacheConfig:
    """Whether, and for how long, a former run's outputs are used again: an ISO 8601 duration."""

    enabled: bool
    expire_after: str


@record(kw_only=True)
class RetryPolicy:
    """Further attempts after errors of the service."""

    exception_type: tuple[str, ...]
    max_attempts: int
    interval_seconds: int = 30
    backoff_rate: float = 2.0


@record(kw_only=True)
class JobStep:
    """A job of the run."""

    name: str
    type: str
    arguments: Processing | Training
    depends_on: tuple[str, ...] | None = None
    property_files: tuple[PropertyFile, ...] | None = None
    cache_config: CacheConfig | None = None
    retry_policies: tuple[RetryPolicy, ...] | None = None


@record(kw_only=True)
class MetricOf:
    """A number in a property file of a step."""

    step: str
    file: str
    metric: str


@record(kw_only=True)
class MetricBound:
    """A comparison of a metric with a number."""

    type: str
    left_value: MetricOf
    right_value: float


@record(kw_only=True)
class ConditionArguments:
    """The steps that run if all conditions hold."""

    conditions: tuple[MetricBound, ...]
    if_steps: tuple[JobStep, ...]
    else_steps: tuple[JobStep, ...] = ()


@record(kw_only=True)
class ConditionStep:
    """A branch of the run."""

    name: str
    arguments: ConditionArguments
    depends_on: tuple[str, ...] | None = None
    type: str = "Condition"


@record(kw_only=True)
class Definition:
    """A pipeline."""

    version: str
    parameters: tuple[Parameter, ...]
    steps: tuple[JobStep | ConditionStep, ...]


def json_value(value: object) -> Value:
    """Any part of a definition as JSON has it: names in Pascal case, nothing for what is omitted."""
    match value:
        case bool() | int() | float() | str():
            return value
        case Get():
            return {"Get": value.path}
        case Join():
            return {"Std:Join": {"On": "", "Values": [json_value(each) for each in value.values]}}
        case MetricOf():
            file: Value = {"Get": f"Steps.{value.step}.PropertyFiles.{value.file}"}
            return {"Std:JsonGet": {"PropertyFile": file, "Path": value.metric}}
        case Mapping():
            return {str(k): json_value(v) for k, v in cast("Mapping[object, object]", value).items()}
        case list() | tuple():
            return [json_value(each) for each in cast("Sequence[object]", value)]
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {_pascal(name): json_value(each) for name, each in named if each is not None}
        case _:
            raise TypeError(f"{type(value).__name__} is no part of a definition")


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
