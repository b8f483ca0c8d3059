"""A capability that another package adds: found by entry point, checked without an SDK, built per cloud."""

from __future__ import annotations

import os
from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from mlplatform import discovery
from mlplatform.components.backend import Limit, MissingExtra
from mlplatform.components.contract import checked_build
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.extension import ExtensionNeeds
    from mlplatform.components.scope import Scope
    from mlplatform.spec.extension import ExtensionSpec


class BuildsExtension(Protocol):
    """Makes one extension on one cloud: the function `build` of the module that is named like the cloud.

    Returns the outputs of the stack for it, by name; none where there is nothing to tell.
    """

    def __call__(
        self, scope: Scope, spec: ExtensionSpec, needs: ExtensionNeeds, /
    ) -> Mapping[str, pulumi.Input[object]]: ...


class ExternalCapability(ABC):
    """One capability of another package. Importing its module imports no cloud SDK; `build` functions do."""

    kind: str
    """The `kind` of its entries in `extensions`, and the name of its entry point."""

    title: str
    """For people, for example `Label store`."""

    package: str
    """Import path of the package that holds its modules, one per cloud: `aws.py`, `gcp.py`, `azure.py`."""

    spec_type: type[ExtensionSpec]
    """The model of its fields, whose `kind` is a `Literal`."""

    limits: Mapping[str, tuple[Limit, ...]] = {}
    """By cloud, fields of its own that the cloud cannot honour; `field` is the path below an entry.

    `violations` gets the spec, narrowed to the target, and finds the places in `extensions`.
    """

    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything else that it refuses in a spec with entries of its kind, already narrowed to one target."""
        del spec
        return iter(())

    def clouds(self) -> tuple[str, ...]:
        """The installed clouds that it is built on: those that it has a module of."""
        found = find_spec(self.package)
        folders: Sequence[str] = tuple(found.submodule_search_locations or ()) if found else ()
        return tuple(
            cloud
            for cloud in discovery.clouds()
            if any(os.path.isfile(os.path.join(folder, f"{_module(cloud)}.py")) for folder in folders)
        )

    def builder(self, cloud: str) -> BuildsExtension:
        """The `build` function of one cloud.

        Raises:
            MissingExtra: the cloud's SDK is not installed.
            NotImplementedError: the package has no module of the cloud.
            mlplatform.components.contract.BrokenContract: the module's `build` takes other parameters.
        """
        if cloud not in self.clouds():
            raise NotImplementedError(f"{self.package} has no module of the cloud {cloud}")
        try:
            module = import_module(f"{self.package}.{_module(cloud)}")
        except ModuleNotFoundError as error:
            backend = discovery.backend(cloud)
            if (error.name or "").partition(".")[0] in backend.sdks:
                raise MissingExtra(
                    f"{backend.title} needs {error.name}, which is not installed: pip install '{backend.extra}'"
                ) from error
            raise
        return checked_build(module, BuildsExtension)


def extension_problems(spec: PlatformSpec) -> Iterator[Problem]:
    """Everything that the capabilities of other packages refuse in a spec narrowed to one target."""
    cloud = spec.targets[0].cloud
    for kind in dict.fromkeys(entry.kind for entry in spec.extensions):
        capability = discovery.capability(kind)
        if cloud in capability.clouds():
            for limit in capability.limits.get(cloud, ()):
                for path, got in limit.violations(spec):
                    yield Problem(path, got, limit.reason, limit.alternative, cloud=cloud)
            yield from capability.check(spec)
        else:
            yield from _not_there(spec, capability)


def _not_there(spec: PlatformSpec, capability: ExternalCapability) -> Iterator[Problem]:
    """Entries of a capability that is not built on the target's cloud."""
    cloud, there = spec.targets[0].cloud, " or ".join(capability.clouds())
    title = discovery.backend(cloud).title
    for index, entry in enumerate(spec.extensions):
        if entry.kind == capability.kind:
            yield Problem(
                f"extensions[{index}].kind",
                entry.kind,
                f"a capability that is built on {title}: {capability.package} has no module {_module(cloud)}.py",
                f"name a target on {there} in `on`, or remove the entry" if there else "remove the entry",
                cloud=cloud,
            )


def _module(cloud: str) -> str:
    return cloud.replace("-", "_")
