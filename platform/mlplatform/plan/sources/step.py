"""Reads a resource of Pulumi's documents (`ResourceV3`) as a step.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/resources.json
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.fields import mapping, text, texts, whole_number
from mlplatform.plan.sources.secrets import seal_secrets
from mlplatform.plan.sources.source import NotAPlan
from mlplatform.secret_text import hide_secret_forms

_TYPES: Mapping[str, tuple[type, str]] = {
    "custom": (bool, "true or false"),
    "external": (bool, "true or false"),
    "protect": (bool, "true or false"),
    "retainOnDelete": (bool, "true or false"),
    "type": (str, "a text"),
    "id": (str, "a text"),
    "parent": (str, "a text"),
    "provider": (str, "a text"),
    "inputs": (dict, "an object"),
    "outputs": (dict, "an object"),
    "propertyDependencies": (dict, "an object"),
    "dependencies": (list, "a list"),
    "aliases": (list, "a list"),
    "ignoreChanges": (list, "a list"),
    "replaceOnChanges": (list, "a list"),
}
"""What the engine writes itself; a resource whose fields have other types would pass the gate unread."""


class StepReader:
    """Reads steps, without their secrets."""

    def step(self, state: Mapping[str, object], where: str, op: str = "") -> Step:
        """One resource.

        Args:
            state: the resource in the document.
            where: its position in the document, for messages.
            op: the planned operation. Omitted: `create`, or `read` for a resource of another stack.

        Raises:
            NotAPlan: it has no valid URN, or a field of the engine has another type than the engine writes.
        """
        urn = text(state.get("urn"))
        parts = urn.split("::", 3)
        if not urn.startswith("urn:pulumi:") or len(parts) < 4:
            got = f"'{urn[:60]}'" if urn else "nothing"
            raise NotAPlan(f"{got} as the URN of {where}", "urn:pulumi:STACK::PROJECT::TYPE::NAME", "write it again")
        _refuse_other_types(state, where)
        external = state.get("external") is True
        dependencies = texts(state.get("dependencies"))
        return Step(
            op=op or ("read" if external else "create"),
            urn=urn,
            type=text(state.get("type")) or parts[2].rpartition("$")[2],
            name=parts[3],
            custom=state.get("custom") is True,
            inputs=self.values(state.get("inputs")),
            parent=text(state.get("parent")),
            dependencies=tuple(sorted(dependencies)),
            property_dependencies={
                key: tuple(sorted(texts(value)))
                for key, value in sorted(mapping(state.get("propertyDependencies")).items())
            },
            protect=state.get("protect") is True,
            retain_on_delete=state.get("retainOnDelete") is True,
            provider=text(state.get("provider")),
            ignore_changes=texts(state.get("ignoreChanges")),
            replace_on_changes=texts(state.get("replaceOnChanges")),
            replacement_trigger=state.get("replacementTrigger"),
            timeouts={
                key: seconds
                for key, value in sorted(mapping(state.get("customTimeouts")).items())
                if (seconds := whole_number(value))
            },
            aliases=tuple(sorted(texts(state.get("aliases")))),
            additional_secret_outputs=tuple(sorted(texts(state.get("additionalSecretOutputs")))),
            id=hide_secret_forms(text(state.get("id"))),
            outputs=self.values(state.get("outputs")),
        )

    def values(self, value: object) -> Mapping[str, Value]:
        """Inputs or outputs."""
        values = mapping(value)
        return mapping(seal_secrets(values)) if values else values


def _refuse_other_types(state: Mapping[str, object], where: str) -> None:
    for name, (kind, expected) in _TYPES.items():
        value = state.get(name)
        if value is not None and not isinstance(value, kind):
            raise NotAPlan(f"{type(value).__name__} as {name} of {where}", expected, "export it again")
