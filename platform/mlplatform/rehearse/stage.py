"""One cloud, one stack and the engine between them, from an empty folder on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mlplatform import discovery
from mlplatform.catalog.replacement import replacement_reason
from mlplatform.components.backend import Backend
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.faults import Faults
from mlplatform.mock_cloud.serve import serving
from mlplatform.rehearse.engine import Engine
from mlplatform.rehearse.surroundings import environment, find_engine
from mlplatform.rehearse.workshop import PROJECT, Workshop
from mlplatform.spec.platform import PlatformSpec

CANARY = "canary-4f1d8e02"
"""Stands in every secret of the stack's configuration; it must never be found in plain text."""


@dataclass(slots=True)
class Stage:
    """What a rehearsal plays on."""

    cloud: Cloud
    """The mock cloud."""

    engine: Engine
    """Pulumi on the throwaway stack."""

    workshop: Workshop
    """The throwaway project."""

    spec: PlatformSpec
    """What the stack is to be now."""

    target: str
    """Which of the spec's targets."""

    retained: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Type and id of everything so far that stays in the cloud when the stack lets go of it."""

    def know_retained(self) -> None:
        """Note what would stay, while the state still says so."""
        self.retained |= {(kept.type, kept.id) for kept in self.engine.state().resources if kept.retained}

    def play(self, spec: PlatformSpec) -> None:
        """Let the program read another spec from now on."""
        self.spec = spec
        self.engine.configure(f"{PROJECT}:spec", self.workshop.write_spec(spec))


class NotPrepared(Exception):
    """The engine did not make the throwaway stack; the text is its own."""


@contextmanager
def stage(
    spec: PlatformSpec,
    target: str,
    project: Path,
    folder: Path,
    *,
    stack: str,
    faults: Faults | None = None,
) -> Generator[Stage]:
    """Set everything up, with an empty cloud and an empty stack.

    Args:
        spec: what the stack is to be.
        target: which of its targets.
        project: the user's project.
        folder: empty; everything is written below it.
        stack: the stack's name.
        faults: what goes wrong in the cloud. Omitted: nothing.

    Raises:
        NoEngine: no `pulumi` is on PATH.
        NotPrepared: it did not make the stack.
    """
    program = find_engine()
    backend = discovery.backend(target)
    narrowed = spec.on(target)
    cloud = Cloud(backend.account(narrowed.targets[0]), faults)
    workshop = Workshop(folder, project)
    with serving(dict.fromkeys(packages(backend), cloud), replacement_reason) as providers:
        engine = Engine(program, workshop, environment(folder, providers), stack)
        keys = (*narrowed.monitoring.secret_keys(), *narrowed.registry.secret_keys())
        made = engine.prepare(
            {f"{PROJECT}:spec": workshop.write_spec(spec), f"{PROJECT}:cloud": target},
            # some are addresses, and the program splits those
            {f"{PROJECT}:{key}": f"https://{CANARY}.example/{key}" for key in keys},
        )
        if made.code:
            raise NotPrepared(made.output.strip())
        yield Stage(cloud, engine, workshop, spec, target)


def packages(backend: Backend) -> tuple[str, ...]:
    """The provider packages of a cloud, as type tokens begin with them."""
    return tuple(sdk.removeprefix("pulumi_").replace("_", "-") for sdk in backend.sdks)
