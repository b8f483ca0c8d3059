"""The stage of a rehearsal: one mock cloud, one stack and the engine between them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mlplatform import discovery
from mlplatform.catalog.replacement import replacement_reason
from mlplatform.components.backend import Backend
from mlplatform.components.foundation import BuildsFoundation
from mlplatform.components.names import CLUSTER_SUFFIX, layers_of
from mlplatform.components.propagation import REHEARSED
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.faults import Faults
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.serve import serving
from mlplatform.rehearse.engine import PulumiEngine
from mlplatform.rehearse.project import PROJECT, ThrowawayProject
from mlplatform.rehearse.stopped import NotPrepared
from mlplatform.rehearse.surroundings import engine_environment, find_engine
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import ReleaseRecord

CANARY = "canary-4f1d8e02"
"""Part of every secret of the stack's configuration; it must never appear in plain text."""


@dataclass(slots=True)
class RehearsalStage:
    """The parts that a rehearsal works with."""

    cloud: Cloud
    """The mock cloud."""

    engine: PulumiEngine
    """Pulumi on the throwaway stack."""

    project: ThrowawayProject
    """The throwaway project."""

    spec: PlatformSpec
    """The stack's present spec."""

    target: str
    """The cloud of the spec's target."""

    inner: RehearsalStage | None = None
    """The stack of what is inside the cluster, with a cluster of its own; None where the spec has no layer there."""

    retained: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Type and id of every resource so far that Pulumi leaves in the cloud."""

    def note_retained(self) -> None:
        """Note the retained resources while the state still has them."""
        self.retained |= {
            (resource.type, resource.id) for resource in self.engine.state().resources if resource.retained
        }

    def use_spec(self, spec: PlatformSpec) -> None:
        """Make the program read another spec from now on; what is released stays released."""
        self.spec = spec.with_record(self.spec.record)
        name = self.project.write_spec(self.spec)
        self.engine.configure(f"{PROJECT}:spec", name)
        if self.inner:
            self.inner.spec = self.spec
            self.inner.engine.configure(f"{PROJECT}:spec", name)

    def release(self, record: ReleaseRecord) -> None:
        """Take over the record that `promote` wrote: both stacks read the same file."""
        self.spec = self.spec.with_record(record)
        if self.inner:
            self.inner.release(record)


_TARGET = ("target", "cloud")
_INNER_LOGS = 500
"""First number of the logs of the cluster's stack, beside those of the cloud's."""


@contextmanager
def open_stage(
    spec: PlatformSpec,
    target: str,
    project: Path,
    folder: Path,
    *,
    stack: str,
    faults: Faults | None = None,
    inner_faults: Faults | None = None,
    beside: Sequence[NameTable] = (),
) -> Generator[RehearsalStage]:
    """A stage with an empty cloud and an empty stack.

    Args:
        spec: the stack's spec.
        target: the target's name, or its cloud where it is the only one there.
        project: folder of the user's project.
        folder: empty; everything is written below it.
        stack: the stack's name.
        faults: faults of the cloud. Omitted: none.
        inner_faults: faults of the API server of the cluster. Omitted: none.
        beside: names that other stacks have in the same cloud. Omitted: none.

    Raises:
        NoEngine: no `pulumi` is on PATH.
        ProjectRefused: the user's project cannot be used.
        EngineBroken: the engine does not start, or is too old.
        NotPrepared: it did not create the stack.
    """
    program = find_engine()
    narrowed = spec.on(target)
    bound = narrowed.targets[0]
    backend = discovery.backend(bound.cloud)
    cloud = Cloud(backend.account(bound), faults, beside=beside)
    throwaway = ThrowawayProject(folder, project)
    cluster = Cloud(backend.account(bound), inner_faults)
    with serving({**dict.fromkeys(_packages(backend), cloud), "kubernetes": cluster}, replacement_reason) as providers:
        cloud.effects.rehearsed = folder / "waits"
        surroundings = {**providers, REHEARSED: str(cloud.effects.rehearsed)}
        environment = engine_environment(folder, surroundings)
        engine = PulumiEngine(program, throwaway, environment, stack, calls=lambda: cloud.counts.total())
        engine.require_version()
        keys = (*narrowed.monitoring.secret_keys(), *narrowed.registry.secret_keys())
        name = throwaway.write_spec(spec)
        # a project's own program may still read the target by its former key
        settings = {f"{PROJECT}:spec": name, **{f"{PROJECT}:{key}": bound.name for key in _TARGET}}
        prepared = engine.prepare(
            settings,
            # some are URLs, and the program splits those
            {f"{PROJECT}:{key}": f"https://{CANARY}.example/{key}" for key in keys},
        )
        if prepared.code:
            said = " ".join(prepared.output.split())[-600:]
            raise NotPrepared(f"{program}: made no stack in the throwaway project (exit code {prepared.code}): {said}")
        stage = RehearsalStage(cloud, engine, throwaway, spec, bound.name)
        if "cluster" in layers_of(spec):
            calls = lambda: cluster.counts.total()  # noqa: E731
            other = PulumiEngine(
                program, throwaway, environment, f"{stack}{CLUSTER_SUFFIX}", calls=calls, first_log=_INNER_LOGS
            )
            prepared = other.prepare({**settings, f"{PROJECT}:layer": "cluster"}, {})
            if prepared.code:
                raise NotPrepared(
                    f"{program}: made no stack for the cluster: {' '.join(prepared.output.split())[-600:]}"
                )
            stage.inner = RehearsalStage(cluster, other, throwaway, spec, bound.name)
        yield stage


def _packages(backend: Backend) -> tuple[str, ...]:
    """The provider packages of a cloud, as type tokens begin with them; one without an SDK is called as the cloud."""
    if not backend.sdks:
        # its types are registered with the mocks as its modules are imported
        backend.load(BuildsFoundation)
        return (backend.name,)
    return tuple(sdk.removeprefix("pulumi_").replace("_", "-") for sdk in backend.sdks)
