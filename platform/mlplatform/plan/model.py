"""The plan: what a program would make, as plain data. Everything after it reads this and no cloud SDK."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from mlplatform.similar import nearest_names

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks a special value on Pulumi's wire."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
"""`SIGNATURE` value of a secret."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that is known only after creation, as Pulumi's engine writes it."""
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
    """URNs this one is made after, sorted."""

    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """URNs each input comes from, sorted."""

    protect: bool = False
    """Pulumi refuses to delete it."""

    retain_on_delete: bool = False
    """Deleting it from the stack leaves it in the cloud."""

    provider: str = ""
    """URN and id of an explicit provider; empty for the default one and for components."""

    delete_before_replace: bool = False
    """A replacement deletes first."""

    ignore_changes: tuple[str, ...] = ()
    """Inputs whose changes are ignored, in wire names."""

    replace_on_changes: tuple[str, ...] = ()
    """Inputs whose changes replace it, beyond what the provider says, in wire names."""

    timeouts: Mapping[str, int] = field(default_factory=dict[str, int])
    """Seconds that creating, updating or deleting it may take, where the program says so."""

    aliases: tuple[str, ...] = ()
    """Former URNs."""

    additional_secret_outputs: tuple[str, ...] = ()
    """Outputs kept secret besides those that come from secrets."""

    id: str = ""
    """Physical id, where the plan was resolved or the resource is read."""

    outputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Realistic outputs, where the plan was resolved."""

    @property
    def package(self) -> str:
        """Provider package, for example `aws` or `azure-native`."""
        return self.type.split(":", 1)[0]

    def document(self) -> dict[str, object]:
        """The step as `pulumi preview --json` writes it."""
        state: dict[str, object] = {"urn": self.urn, "custom": self.custom, "type": self.type}
        optional: dict[str, object] = {
            "id": self.id,
            "inputs": reveal(self.inputs),
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
        }
        state.update({key: value for key, value in optional.items() if value})
        step: dict[str, object] = {"op": self.op, "urn": self.urn}
        if self.provider:
            step["provider"] = self.provider
        return {**step, "newState": state, "detailedDiff": None}


@dataclass(frozen=True, slots=True)
class PlanNote:
    """A choice made, or a step left to a person."""

    path: str
    """Field path in the spec."""

    text: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one program would make on one cloud."""

    cloud: str
    """The target's cloud."""

    project: str
    """Pulumi project."""

    stack: str
    """Pulumi stack."""

    steps: tuple[Step, ...]
    """Dependencies before dependants, otherwise by URN: the same program gives the same order."""

    outputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Stack outputs; secrets stay wrapped."""

    notes: tuple[PlanNote, ...] = ()
    """What the reader should know."""

    resolved: bool = False
    """Whether unknown values were replaced by realistic ones."""

    origin: Literal["program", "preview", "state"] = "program"
    """Who says so: a program run offline, a preview of Pulumi's engine, or a stack's state."""

    def resources(self) -> tuple[Step, ...]:
        """The steps that are real resources: neither components nor the stack nor providers."""
        return tuple(s for s in self.steps if s.custom and not s.type.startswith("pulumi:providers:"))

    def of_type(self, token: str) -> tuple[Step, ...]:
        """The steps of one type: a whole token, or its last part (`Bucket`)."""
        return tuple(step for step in self.steps if step.type == token or step.type.endswith(f":{token}"))

    def named(self, name: str) -> Step:
        """The one step of a logical name.

        Raises:
            LookupError: there is none or more than one; the text names what comes nearest.
        """
        return _only(self, f"named {name!r}", [step for step in self.steps if step.name == name], name)

    def one(self, token: str) -> Step:
        """The one step of a type: a whole token, or its last part (`Bucket`).

        Raises:
            LookupError: there is none or more than one; the text names them, or the types that come nearest.
        """
        return _only(self, f"of type {token!r}", self.of_type(token), token)

    def to_preview(self) -> dict[str, object]:
        """A document of the same shape as `pulumi preview --json`, with secrets as `[secret]`."""
        return {
            "steps": [step.document() for step in self.steps],
            # like the engine's, which lists what is only read but does not count it
            "changeSummary": dict(Counter(step.op for step in self.steps if step.op != "read")),
        }


def _only(plan: Plan, what: str, found: Sequence[Step], wanted: str) -> Step:
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(f"{step.name} ({step.type})" for step in found)
    else:
        known = sorted({text for step in plan.steps for text in (step.name, step.type)})
        shown = ", ".join(nearest_names(wanted, known, most=5, cutoff=0.4)) or "nothing like it"
    raise LookupError(f"{len(found)} steps are {what}, expected one; {'there are' if found else 'nearest'}: {shown}")


def reveal(value: Value) -> object:
    """A wire value as documents show it: secrets as `[secret]`, whole numbers as integers."""
    match value:
        case Mapping():
            mapping = cast("Mapping[str, Value]", value)
            if mapping.get(SIGNATURE) == SECRET_SIGNATURE:
                return "[secret]"
            return {key: reveal(item) for key, item in sorted(mapping.items())}
        case list() | tuple():
            return [reveal(item) for item in cast("list[Value]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
