"""The contract of a capability of your own: each cloud builds or refuses it, and no field is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal

from mlplatform import discovery
from mlplatform.components.backend import MissingExtra
from mlplatform.components.capability import ExternalCapability, extension_problems
from mlplatform.components.contract import BrokenContract
from mlplatform.fast.record import record
from mlplatform.fast.sdk import fast_sdk
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record as record_plan
from mlplatform.spec.platform import PlatformSpec
from mlplatform.testing.samples import BASE


@record()
class ExtensionOnCloud:
    """What a capability is on one cloud."""

    cloud: str
    """The cloud."""

    state: Literal["built", "refused", "absent", "broken"]
    """`refused`: its package has no module of the cloud, so that validation refuses its entries there; `absent`: the
    cloud's SDK is not in this environment, so that nobody can say."""

    words: str
    """What is to do; empty where it is built."""

    def __str__(self) -> str:
        return self.cloud


def extension_clouds(capability: ExternalCapability) -> tuple[ExtensionOnCloud, ...]:
    """What a capability is on each installed cloud.

    Args:
        capability: what the entry point names.
    """
    return tuple(_on(capability, cloud) for cloud in discovery.clouds())


def _on(capability: ExternalCapability, cloud: str) -> ExtensionOnCloud:
    module = f"{capability.package}.{cloud.replace('-', '_')}"
    if cloud not in capability.clouds():
        return ExtensionOnCloud(cloud, "refused", f"{module}: write build(scope, spec, needs) as BuildsExtension says")
    backend = discovery.backend(cloud)
    missing = next((sdk for sdk in backend.sdks if find_spec(sdk) is None), None)
    if missing:
        return ExtensionOnCloud(cloud, "absent", f"{backend.title} needs {missing}, which {backend.extra} installs")
    try:
        capability.builder(cloud)
    except (BrokenContract, MissingExtra, ImportError) as error:
        return ExtensionOnCloud(cloud, "broken", str(error))
    return ExtensionOnCloud(cloud, "built", "")


def extension_faults(capability: ExternalCapability, cloud: str, field: str, value: object) -> tuple[str, ...]:
    """What is wrong with one field of a capability: another value neither changes the plan nor is refused in words.

    Args:
        capability: an installed one; an entry needs no field but its kind.
        cloud: a cloud that it is built on.
        field: the field of an entry.
        value: a value other than its default, as in YAML.
    """
    with_default, with_value = _spec(capability, cloud, {}), _spec(capability, cloud, {field: value})
    problems = tuple(extension_problems(with_value.on(cloud)))
    if problems:
        return tuple(
            f"{field} on {cloud}: refused at {problem.path} without a reason or without a fix"
            for problem in problems
            if not (problem.expected.strip() and problem.fix.strip())
        )
    fast_sdk(discovery.backend(cloud).sdks)
    if _made(record_plan(with_default, cloud)) == _made(record_plan(with_value, cloud)):
        return (f"{field} on {cloud}: {value!r} changes nothing; build something of it, or declare a Limit",)
    return ()


def _spec(capability: ExternalCapability, cloud: str, fields: Mapping[str, object]) -> PlatformSpec:
    first = discovery.backend(cloud).first_target.fields
    entry = {"kind": capability.kind, **fields}
    return PlatformSpec.model_validate({**BASE, "targets": [{"cloud": cloud, **first}], "extensions": [entry]})


def _made(plan: Plan) -> list[tuple[str, str, object]]:
    return [(step.type, step.name, step.inputs) for step in plan.steps if step.custom]
