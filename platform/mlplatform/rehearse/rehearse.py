"""Rehearses one stack on one of its clouds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from mlplatform.plan.speed import fast_sdk, quiet_gc
from mlplatform.rehearse.life import Step, life, typical
from mlplatform.rehearse.model import Phase, Rehearsal, Survival
from mlplatform.rehearse.stage import stage
from mlplatform.spec import discovery
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
        found = Rehearsal(stack, cloud, resources, tuple(phases), (), str(folder) if keep else "")
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    del faults, seed, survived
    return found
