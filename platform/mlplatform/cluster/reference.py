"""The outputs of the cloud's stack, which the layer's stack is fed with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pulumi

from mlplatform.cluster.objects.base import FromCloud


class MissingOutput(pulumi.RunError):
    """The cloud's stack lacks an output: it was not applied since the layer was added to the spec."""


class CloudStack:
    """The stack of the target's cloud resources.

    Args:
        name: `prod-aws`, or with organisation and project, `acme/mlplatform/prod-aws`.
        parent: the component that reads it.
    """

    def __init__(self, name: str, parent: pulumi.Resource) -> None:
        self._name = name
        self._reference = pulumi.StackReference(
            "cloud", stack_name=qualified(name), opts=pulumi.ResourceOptions(parent=parent)
        )

    def value(self, wanted: FromCloud) -> pulumi.Output[str]:
        """One value, with the text around it."""
        head, *rest = wanted.output.split(".")

        def find(outputs: object) -> str:
            value = outputs
            for part in rest:
                value = cast("Mapping[str, object]", value).get(part) if isinstance(value, Mapping) else None
            if value is None:
                raise MissingOutput(
                    f"the stack {self._name} has no output '{wanted.output}': "
                    f"run `pulumi up --stack {self._name}` first"
                )
            return wanted.around(value)

        return self._reference.get_output(head).apply(find)


def qualified(name: str) -> str:
    """The whole name of a stack: of the running one's organisation and project, where it names none."""
    if "/" in name:
        return name
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{name}"
