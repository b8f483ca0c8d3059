"""The file for `pulumi import --file`, as `pulumi preview --import-file` writes it, with ids.

https://www.pulumi.com/docs/iac/guides/migration/import/#bulk-import-operations
"""

from __future__ import annotations

from collections import Counter
from importlib import metadata

from mlplatform.plan.model import STACK_TYPE, Step, document_value
from mlplatform.takeover.model import Takeover

_PROVIDER = "pulumi:providers:"


def made_first(takeover: Takeover) -> tuple[str, ...]:
    """URNs of providers inside of components that the stack does not have yet, with those components.

    An import registers providers before components, and the engine then refuses its own state: "child resource's parent
    comes after it" (`ImportDeployment` in https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/import.go).
    """
    needed = _needed(takeover)
    steps = [step for step in takeover.steps if step.urn in needed - takeover.managed]
    by_urn = {step.urn: step for step in steps}
    inside = [step for step in steps if step.type.startswith(_PROVIDER) and step.parent in by_urn]
    found: set[str] = set()
    for step in inside:
        urn = step.urn
        while urn in by_urn:
            found.add(urn)
            urn = by_urn[urn].parent
    return tuple(step.urn for step in steps if step.urn in found)


def import_document(takeover: Takeover) -> dict[str, object]:
    """The resources to import, with the components and providers above them that the stack does not have yet."""
    ids = {entry.step.urn: entry.id for entry in takeover.of("import")}
    needed = _needed(takeover)
    named = _names([step for step in takeover.steps if step.urn in needed])
    new = needed - takeover.managed
    document: dict[str, object] = {
        "resources": [_resource(step, ids, named) for step in takeover.steps if step.urn in new]
    }
    table = {named[urn]: urn for urn in sorted(needed & takeover.managed)}
    return {"nameTable": table, **document} if table else document


def _needed(takeover: Takeover) -> set[str]:
    """URNs of everything that is taken over, and of what is above it."""
    steps = {step.urn: step for step in takeover.steps}
    needed: set[str] = set()
    for entry in takeover.of("import"):
        _need(entry.step.urn, steps, takeover.managed, needed)
    return needed


def _need(urn: str, steps: dict[str, Step], managed: frozenset[str], needed: set[str]) -> None:
    """Add a step, with its provider and its parents up to one that is managed."""
    step = steps.get(urn)
    if step is None or urn in needed or step.type == STACK_TYPE:
        return
    needed.add(urn)
    if urn not in managed:
        _need(step.parent, steps, managed, needed)
        _need(_provider(step), steps, managed, needed)


def _provider(step: Step) -> str:
    return step.provider.rpartition("::")[0]


def _names(steps: list[Step]) -> dict[str, str]:
    """A name for each step that no other one has."""
    counts = Counter(step.name for step in steps)
    return {step.urn: step.name if counts[step.name] == 1 else f"{step.name} ({step.type})" for step in steps}


def _resource(step: Step, ids: dict[str, str], named: dict[str, str]) -> dict[str, object]:
    name = named[step.urn]
    entry: dict[str, object] = {"type": step.type, "name": name}
    if name != step.name:
        entry["logicalName"] = step.name
    if step.parent in named:
        entry["parent"] = named[step.parent]
    if not step.custom:
        return {**entry, "component": True}
    if step.type.startswith(_PROVIDER):
        package = step.type.removeprefix(_PROVIDER)
        version = metadata.version(f"pulumi-{package}")
        return {**entry, "inputs": {**_inputs(step), "version": version}}
    entry["id"] = ids[step.urn]
    if (provider := _provider(step)) in named:
        entry["provider"] = named[provider]
        entry["version"] = metadata.version(f"pulumi-{step.package}")
    return entry


def _inputs(step: Step) -> dict[str, object]:
    """The inputs of a provider, which has none that are secret."""
    return {key: document_value(value) for key, value in step.inputs.items()}
