"""What a monitor in this process is told of a resource: plain values, where an engine gets a message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Registered(NamedTuple):
    """A registration. The values are those that a message would carry: numbers are floats, names are on the wire."""

    type: str
    name: str
    custom: bool
    parent: str
    inputs: dict[str, Any]
    provider: str
    dependencies: Collection[str]
    property_dependencies: Mapping[str, Collection[str]]
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    ignore_changes: Sequence[str]
    replace_on_changes: Sequence[str]
    replacement_trigger: Any
    additional_secret_outputs: Sequence[str]
    timeouts: Any
    """Pulumi's message of them; None where the program sets none."""
    aliases: Sequence[Any]
    """Pulumi's messages of them."""
    alias_urns: Sequence[str] = ()

    @classmethod
    def of(cls, request: Any) -> Registered:  # noqa: ANN401 - Pulumi's message
        """What an engine is told by a message."""
        return cls(
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            inputs=plain_struct(request.object),
            provider=request.provider,
            dependencies=request.dependencies,
            property_dependencies={key: value.urns for key, value in request.propertyDependencies.items()},
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace,
            ignore_changes=request.ignoreChanges,
            replace_on_changes=request.replaceOnChanges,
            replacement_trigger=plain_value(request.replacement_trigger),
            additional_secret_outputs=request.additionalSecretOutputs,
            timeouts=request.customTimeouts if request.HasField("customTimeouts") else None,
            aliases=request.aliases,
            alias_urns=request.aliasURNs,
        )


class RecordedAnswer(NamedTuple):
    """What the monitor says: the URN, the id (empty where it is not known), and the outputs as a message has them."""

    urn: str
    id: str
    outputs: Mapping[str, Any]


class Recorder(Protocol):
    """A monitor that only records, and can be told without a message."""

    only_records: bool

    def register(self, registered: Registered) -> RecordedAnswer:
        """Take a registration, and answer it."""
        ...


def plain_struct(struct: Any, number: Callable[[float], float] = float) -> dict[str, Any]:  # noqa: ANN401 - a message
    """The values of a message; `number` says what becomes of a number."""
    return {key: plain_value(value, number) for key, value in struct.fields.items()}


def plain_value(value: Any, number: Callable[[float], float] = float) -> Any:  # noqa: ANN401 - a message
    """The value of a message; `number` says what becomes of a number."""
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return number(value.number_value)
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return plain_struct(value.struct_value, number)
        case "list_value":
            return [plain_value(item, number) for item in value.list_value.values]
        case _:
            return None
