"""Rehearses one stack on one of its clouds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from mlplatform import discovery
from mlplatform.fast.sdk import fast_sdk, quiet_gc
from mlplatform.rehearse.injection import Injection
from mlplatform.rehearse.life import Step, life, typical
from mlplatform.rehearse.model import Phase, Rehearsal, Survival
from mlplatform.rehearse.stage import stage
from mlplatform.rehearse.trials import trials
from mlplatform.spec.platform import PlatformSpec


def rehearse(
    spec: PlatformSpec,
    cloud: str,
    *,
    project: Path | None = None,
    steps: tuple[Step, ...] | None = None,
    faults: int = 0,
    seed: int = 0,
    keep: bool = False,
    begin: Callable[[str], None] = lambda _: None,
    end: Callable[[Phase], None] = lambda _: None,
    survived: Callable[[Survival], None] = lambda _: None,
) -> Rehearsal:
    """Play a stack's whole life, and injected faults after that.

    Args:
        spec: a validated spec.
        cloud: which of its targets.
        project: folder with the Pulumi.yaml whose program and options are used. Omitted: the working directory.
        steps: changes to play. Omitted: the typical ones.
        faults: how many faults to inject, each into a run of its own.
        seed: decides which faults.
        keep: leave the throwaway folder where it is.
        begin: told the name of each phase as it begins.
        end: told each phase as it ends.
        survived: told what became of each fault.

    Raises:
        NoEngine: no `pulumi` is on PATH.
        NotPrepared: it did not make the throwaway stack.
    """
    fast_sdk(discovery.backend(cloud).sdks)
    stack = f"{spec.environment}-{cloud}"
    folder = Path(tempfile.mkdtemp(prefix=f"mlplatform-rehearsal-{stack}-"))
    here = project or Path.cwd()
    phases: list[Phase] = []
    resources = 0
    try:
        with quiet_gc(), stage(spec, cloud, here, folder / "life", stack=stack) as set_up:
            for phase in life(set_up, typical() if steps is None else steps, begin):
                phases.append(phase)
                resources = resources or len(set_up.cloud.contents())
                end(phase)
        survivals = (
            tuple(_faults(spec, cloud, here, folder / "faults", stack, faults, seed, survived)) if faults else ()
        )
        return Rehearsal(stack, cloud, resources, tuple(phases), survivals, str(folder) if keep else "")
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _faults(
    spec: PlatformSpec,
    cloud: str,
    project: Path,
    folder: Path,
    stack: str,
    count: int,
    seed: int,
    survived: Callable[[Survival], None],
) -> Iterator[Survival]:
    injection = Injection()
    with quiet_gc(), stage(spec, cloud, project, folder, stack=stack, faults=injection) as set_up:
        for survival in trials(set_up, injection, count, seed):
            survived(survival)
            yield survival
