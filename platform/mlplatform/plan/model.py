"""The plan: the resources that a program would create, as plain data. Later steps read this and no cloud SDK."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from mlplatform.components.granted import GrantNote
from mlplatform.similar import nearest_names

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks a special value on Pulumi's wire."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
"""`SIGNATURE` value of a secret."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that is unknown before creation, as Pulumi's engine writes it."""
STACK_TYPE = "pulumi:pulumi:Stack"

Value = object
"""A JSON-like value in wire names; secrets stay wrapped until a view formats them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One resource or component that the program registers."""

    op: str
    """`create` or `read`."""

    urn: str
    """Pulumi's identity of the resource."""

    type: str
    """Type token, for example `aws:s3/bucket:Bucket`."""

    name: str
    """Logical name."""

    custom: bool
    """False for components."""

    inputs: Mapping[str, Value]
    """Inputs in wire names."""

    parent: str = ""
    """URN of the parent; empty for the stack itself."""

    dependencies: tuple[str, ...] = ()
    """URNs that must exist first, sorted."""

    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """URNs each input comes from, sorted."""

    protect: bool = False
    """Whether Pulumi refuses to delete it."""

    retain_on_delete: bool = False
    """Whether it stays in the cloud when it is deleted from the stack."""

    provider: str = ""
    """URN and id of an explicit provider; empty for the default one and for components."""

    delete_before_replace: bool = False
    """Whether a replacement deletes the old resource first."""

    ignore_changes: tuple[str, ...] = ()
    """Inputs whose changes are ignored, in wire names."""

    replace_on_changes: tuple[str, ...] = ()
    """Inputs whose changes replace it besides those of the provider, in wire names."""

    replacement_trigger: Value = None
    """A value that replaces the resource when it changes; None where the program sets none."""

    timeouts: Mapping[str, int] = field(default_factory=dict[str, int])
    """Seconds that creating, updating or deleting it may take, where the program sets them."""

    aliases: tuple[str, ...] = ()
    """Former URNs."""

    additional_secret_outputs: tuple[str, ...] = ()
    """Outputs that are secret besides those derived from secrets."""

    id: str = ""
    """Physical id, where the plan is resolved or the resource is read."""

    outputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Realistic outputs, where the plan is resolved."""

    @property
    def package(self) -> str:
        """Provider package, for example `aws` or `azure-native`."""
        return self.type.split(":", 1)[0]

    def document(self) -> dict[str, object]:
        """The step in the format of `pulumi preview --json`."""
        state: dict[str, object] = {"urn": self.urn, "custom": self.custom, "type": self.type}
        optional: dict[str, object] = {
            "id": self.id,
            "inputs": document_value(self.inputs),
            "parent": self.parent,
            "protect": self.protect,
            "external": self.op == "read",
            "dependencies": list(self.dependencies),
            "provider": self.provider,
            "propertyDependencies": {key: list(urns) for key, urns in self.property_dependencies.items()},
            "additionalSecretOutputs": list(self.additional_secret_outputs),
            "customTimeouts": dict(self.timeouts),
            "aliases": list(self.aliases),
            "retainOnDelete": self.retain_on_delete,
            "ignoreChanges": list(self.ignore_changes),
            "replaceOnChanges": list(self.replace_on_changes),
            "replacementTrigger": document_value(self.replacement_trigger),
        }
        state.update({key: value for key, value in optional.items() if value})
        step: dict[str, object] = {"op": self.op, "urn": self.urn}
        if self.provider:
            step["provider"] = self.provider
        return {**step, "newState": state, "detailedDiff": None}


@dataclass(frozen=True, slots=True)
class PlanNote:
    """A choice that was made, or a step that a person must take."""

    path: str
    """Field path in the spec."""

    text: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The resources that one program would create on one target."""

    cloud: str
    """The target's cloud."""

    project: str
    """Pulumi project."""

    stack: str
    """Pulumi stack."""

    steps: tuple[Step, ...]
    """Dependencies before dependants, otherwise by URN, so that the same program gives the same order."""

    outputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Stack outputs; secrets stay wrapped."""

    notes: tuple[PlanNote, ...] = ()
    """Notes for the reader."""

    grants: tuple[GrantNote, ...] = ()
    """What the program's components granted; of a program alone."""

    secrets: tuple[str, ...] = ()
    """Keys of the secret configuration that the program read, sorted; of a program alone."""

    resolved: bool = False
    """Whether realistic values stand in for unknown ones."""

    origin: Literal["program", "preview", "state"] = "program"
    """Its source: a program run offline, a preview of Pulumi's engine, or a stack's state."""

    target: str = ""
    """The target's name. Omitted: its cloud's."""

    def __post_init__(self) -> None:
        if not self.target:
            object.__setattr__(self, "target", self.cloud)

    @property
    def title(self) -> str:
        """For people: the cloud's title, and the target's own name: `AWS (aws-us)`; empty without a cloud."""
        from mlplatform import discovery

        title = discovery.backend(self.cloud).title if self.cloud in discovery.clouds() else self.cloud
        return title if self.target == self.cloud else f"{title} ({self.target})"

    def resources(self) -> tuple[Step, ...]:
        """The steps that are real resources: no components, and nothing of the engine's own (stacks, providers)."""
        return tuple(step for step in self.steps if step.custom and step.package != "pulumi")

    def of_type(self, token: str) -> tuple[Step, ...]:
        """The steps of one type: a whole token, or its last part (`Bucket`)."""
        return tuple(step for step in self.steps if step.type == token or step.type.endswith(f":{token}"))

    def named(self, name: str) -> Step:
        """The one step of a logical name.

        Raises:
            LookupError: there is none or more than one; the text names similar ones.
        """
        return _only(self, f"named {name!r}", [step for step in self.steps if step.name == name], name)

    def one(self, token: str) -> Step:
        """The one step of a type: a whole token, or its last part (`Bucket`).

        Raises:
            LookupError: there is none or more than one; the text names them, or similar types.
        """
        return _only(self, f"of type {token!r}", self.of_type(token), token)

    def to_preview(self) -> dict[str, object]:
        """A document in the format of `pulumi preview --json`, with secrets as `[secret]`."""
        return {
            "steps": [step.document() for step in self.steps],
            # like the engine's, which lists resources that are only read but does not count them
            "changeSummary": dict(Counter(step.op for step in self.steps if step.op != "read")),
        }


def _only(plan: Plan, what: str, steps: Sequence[Step], wanted: str) -> Step:
    if len(steps) == 1:
        return steps[0]
    if steps:
        shown = ", ".join(f"{candidate.name} ({candidate.type})" for candidate in steps)
    else:
        names = sorted({text for candidate in plan.steps for text in (candidate.name, candidate.type)})
        shown = ", ".join(nearest_names(wanted, names, most=5, cutoff=0.4)) or "nothing like it"
    raise LookupError(f"{len(steps)} steps are {what}, expected one; {'there are' if steps else 'nearest'}: {shown}")


def is_secret(value: Value) -> bool:
    """Whether a wire value is a wrapped secret."""
    return isinstance(value, Mapping) and cast("Mapping[str, Value]", value).get(SIGNATURE) == SECRET_SIGNATURE


def document_value(value: Value) -> object:
    """A wire value for documents: secrets as `[secret]`, whole numbers as integers."""
    match value:
        case str() | bool() | None:
            return value
        case Mapping():
            mapping = cast("Mapping[str, Value]", value)
            if is_secret(mapping):
                return "[secret]"
            return {key: document_value(item) for key, item in sorted(mapping.items())}
        case list() | tuple():
            return [document_value(item) for item in cast("list[Value]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
