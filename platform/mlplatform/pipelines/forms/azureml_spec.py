"""Requests of Azure ML's management API for a pipeline: what they carry, as far as we use it.

Names are in camel case outside, and in snake case inside a component's specification and the jobs of a pipeline: what
azure-ai-ml sends too, and the service takes nothing else. https://learn.microsoft.com/rest/api/azureml
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import cast

from mlplatform.cluster.objects.wire import Wire
from mlplatform.fast.record import record


@record(kw_only=True)
class Request:
    """One PUT."""

    path: str
    """Path below the management API, without its version."""

    body: Mapping[str, Wire]
    """What is sent."""


@record(kw_only=True)
class Port:
    """An input or output of a component."""

    type: str
    """`uri_folder`, `string`, `integer`, `number`, `boolean`."""

    mode: str | None = None
    """How a folder is there: `ro_mount`, `upload`, `rw_mount`."""


@record(kw_only=True)
class ComponentSpec:
    """A step's program."""

    name: str
    version: str
    display_name: str
    type: str
    is_deterministic: bool
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]
    command: str
    environment: str


@record(kw_only=True)
class NodeInput:
    """What an input of a node is bound to."""

    value: str
    job_input_type: str = "literal"


@record(kw_only=True)
class NodeOutput:
    """An output of a node."""

    job_output_type: str = "uri_folder"
    mode: str | None = None
    uri: str | None = None


@record(kw_only=True)
class NodeLimits:
    """The longest run of a node, an ISO 8601 duration."""

    timeout: str
    job_limits_type: str = "Command"


@record(kw_only=True)
class NodeResources:
    """The nodes of a node."""

    instance_count: int


@record(kw_only=True)
class NodeIdentity:
    """What a node acts as: the identity of its cluster."""

    identity_type: str = "Managed"


@record(kw_only=True)
class NodeDistribution:
    """How its nodes find each other."""

    distribution_type: str


@record(kw_only=True)
class Node:
    """A step of a run."""

    name: str
    type: str
    component: str
    compute: str
    inputs: Mapping[str, NodeInput]
    outputs: Mapping[str, NodeOutput]
    limits: NodeLimits
    resources: NodeResources
    identity: NodeIdentity
    distribution: NodeDistribution | None = None
    environment_variables: Mapping[str, str] | None = None
    """Variables without placeholders. A component has none: the service drops them there without a word."""


SPELT = {"component": "componentId", "compute": "computeId"}
"""The two names of a node that are in camel case."""


def json_value(value: object) -> Wire:
    """Records as JSON has them, with their names as they are; nothing for what is omitted."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): json_value(each) for key, each in cast("Mapping[object, object]", value).items()}
        case list() | tuple():
            return [json_value(each) for each in cast("list[object]", value)]
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            found = {SPELT.get(name, name): json_value(each) for name, each in named if each is not None}
            return {**found, "_source": "REMOTE.WORKSPACE.COMPONENT"} if isinstance(value, Node) else found
        case _:
            raise TypeError(f"{type(value).__name__} is no part of a request")
