"""The base of a cloud backend: found by entry point, checked without an SDK, loaded module by module."""

from __future__ import annotations

import importlib
import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from mlplatform.catalog.catalog import Catalog, NotOffered, load_catalog
from mlplatform.catalog.machine import CpuMachine
from mlplatform.components.backend_addresses import BackendAddresses
from mlplatform.components.contract import checked_build, module_of
from mlplatform.components.first_target import FirstTarget
from mlplatform.components.not_built import NotBuilt
from mlplatform.fast.record import record
from mlplatform.snippet import Snippet
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.context import Context
    from mlplatform.components.pipeline_file import FormFile
    from mlplatform.providers.accounts import Account

C = TypeVar("C")

_OWN = "mlplatform.backends."


class MissingExtra(ImportError):
    """The cloud's SDK is not installed; the text names the command that installs it."""


@record()
class Limit:
    """A field that one cloud cannot honour, or only in part."""

    field: str
    """The spec field, without indices: `endpoints.shadow`."""

    support: Literal["unsupported", "partial"]
    """`unsupported`: every value is refused; `partial`: some are, or none and the difference is only reported."""

    reason: str
    """The cloud's reason, in its own terms."""

    alternative: str
    """The nearest thing that works."""

    violations: Callable[[PlatformSpec], Iterator[tuple[str, str]]]
    """Field path and value of everything in a spec that runs into the limit."""


class Backend(BackendAddresses, ABC):
    """One cloud. Importing a backend imports no cloud SDK; `build` does."""

    name: str
    """The `cloud` of its targets, for example `aws`."""

    package: str
    """Import path of the package that holds its modules."""

    extra: str
    """The extra that installs its SDK, for example `mlplatform[aws]`."""

    sdks: tuple[str, ...]
    """Import names of the provider SDKs it uses, for example `pulumi_aws`."""

    target_type: type[Target]
    """The model of its targets."""

    catalog_path: Path
    """Its accelerators, machines and regions."""

    prices_path: Path | None = None
    """Its prices besides those of machines, in the form of docs/cost.md. Omitted: those of mlplatform itself, which has
    them of its own clouds; of another cloud only the catalogue's prices of machines are known then."""

    limits: tuple[Limit, ...] = ()
    """Fields that this cloud cannot honour; the parity matrix is read from here."""

    profile_variable: str = ""
    """Environment variable by which the cloud's command line takes another login of this machine. Empty: none."""

    first_target: FirstTarget = FirstTarget(fields={})
    """The target of a new project. Omitted: `mlplatform init` asks for every field that a target must have."""

    @property
    def catalog(self) -> Catalog:
        """Accelerators, machines and regions of this cloud."""
        return load_catalog(self.catalog_path)

    @abstractmethod
    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything this cloud refuses in a spec already narrowed to it, beyond its declared limits."""

    def check_siblings(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything this cloud refuses about several targets of one spec; paths begin with `targets[position]`.

        Args:
            spec: the platform with all of its targets.
        """
        del spec
        return iter(())

    @abstractmethod
    def account(self, target: Target) -> Account:
        """The account of a target's resources, for realistic values in an offline plan."""

    @abstractmethod
    def provider(self, context: Context) -> pulumi.ProviderResource:
        """The Pulumi provider of all of the platform's resources on this cloud."""

    def serving_catalog(self, endpoint: EndpointSpec) -> Catalog:
        """The catalogue with the machines of the service that an endpoint is built on, where a cloud has several."""
        del endpoint
        return self.catalog

    def step_catalog(self, step: StepSpec) -> Catalog:
        """The catalogue with the machines that the cloud's pipeline service runs a step on."""
        del step
        return self.catalog

    def waiting_machine(self, target: Target, step: StepSpec) -> CpuMachine | NotOffered | None:
        """The machine that waits for a step of the cloud's pipeline service, and is paid beside its own. None: none."""
        del target, step
        return None

    def pipeline_forms(self, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
        """The files with which a pipeline's service runs it, made without an account.

        Args:
            spec: narrowed to this cloud; validated.
            pipeline: one of its pipelines.

        Raises:
            NotImplementedError: the backend writes none for the engine.
        """
        del spec
        raise NotBuilt(f"{pipeline.name}: nothing is written for engine {pipeline.engine} on {self.title} yet")

    @cached_property
    def lacking(self) -> tuple[Limit, ...]:
        """What the package has not built, each as a limit; one that it declares itself says more, and comes first."""
        if self.package.startswith(_OWN):
            # a test holds that ours have each, or a limit of their own: to look would take time of every command
            return ()
        from mlplatform.components.needed_module import lacking_reason
        from mlplatform.components.needed_modules import missing_modules

        return tuple(
            Limit(
                each.field or "targets",
                each.support,
                lacking_reason(self.title, self.package, each),
                each.instead,
                each.places,
            )
            for each in missing_modules(self.package)
        )

    def problems(self, spec: PlatformSpec) -> tuple[Problem, ...]:
        """Everything this cloud refuses in a spec already narrowed to it."""
        limits = list(self._refused(self.limits, spec))
        for problem in self._refused(self.lacking, spec):
            # below what is refused already it says nothing more
            if not any(f"{problem.path}.".startswith((f"{known.path}.", f"{known.path}[")) for known in limits):
                limits.append(problem)
        found = (*limits, *self.check(spec))
        if not found:
            return ()
        from mlplatform.components.shown_values import in_quotes

        return in_quotes(spec, found)

    def _refused(self, limits: Sequence[Limit], spec: PlatformSpec) -> tuple[Problem, ...]:
        return tuple(
            Problem(path=path, got=got, expected=limit.reason, fix=limit.alternative, cloud=self.name)
            for limit in limits
            for path, got in limit.violations(spec)
        )

    def refuse(
        self,
        path: str,
        got: object,
        expected: str,
        fix: str,
        *,
        write: Snippet | None = None,
        fields: Sequence[str] = (),
    ) -> Problem:
        """A refusal by this cloud.

        Args:
            path: field path in the narrowed spec, for example `training.pools[0].zones`.
            got: the value that is refused.
            expected: the accepted values, or the reason of the refusal.
            fix: what to do, as an imperative.
            write: what to write, shown after the fix in the language of the spec. Omitted: the fix says it all.
            fields: paths of other fields that the refusal depends on.
        """
        shown = str(got) or "an empty text"
        return Problem(path, shown, expected, fix, cloud=self.name, fields=tuple(fields), write=write)

    def has(self, kind: type[object]) -> bool:
        """Whether there is a module for a contract; it is not loaded."""
        try:
            return importlib.util.find_spec(f"{self.package}.{module_of(kind)}") is not None
        except ModuleNotFoundError:
            return False

    def load(self, kind: type[C]) -> C:
        """The `build` function of one module, as its contract.

        Args:
            kind: the contract, for example `BuildsNetwork`.

        Raises:
            MissingExtra: the cloud's SDK is not installed.
            NotImplementedError: the backend has no such module.
            BrokenContract: the module's `build` takes other parameters.
        """
        path = module_of(kind)
        try:
            module = importlib.import_module(f"{self.package}.{path}")
        except ModuleNotFoundError as error:
            missing = error.name or ""
            sdk = missing.split(".")[0]
            if sdk in self.sdks:
                raise MissingExtra(
                    f"{self.title} needs {sdk}, which is not installed: pip install '{self.extra}'", name=missing
                ) from error
            if missing.startswith(f"{self.package}.") and f"{self.package}.{path}.".startswith(f"{missing}."):
                raise NotBuilt(f"the backend of {self.title} has no '{path}'") from error
            raise
        return checked_build(module, kind)
