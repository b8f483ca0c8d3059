"""Pulumi's program of one stack: load the spec, refuse a bad one readably, make the platform."""

from __future__ import annotations

from pathlib import Path

import pulumi

from mlplatform import discovery
from mlplatform.fast.sdk import fast_sdk, quiet_gc_until_exit
from mlplatform.reading.load import load
from mlplatform.views.spec.problems import problems_text
from mlplatform.views.style import Style


def run_stack(folder: Path, spec: str, cloud: str) -> None:
    """Make one spec's platform on one of its clouds.

    Args:
        folder: the folder of spec files.
        spec: file name without its ending, for example `prod`; or a path below the folder.
        cloud: one of the spec's targets.

    Raises:
        pulumi.RunError: the spec is refused; the text holds every problem.
    """
    candidates = [
        folder / spec,
        *(folder / f"{spec}{ending}" for ending in (".py", ".yaml", ".yml", ".json")),
    ]
    path = next((candidate for candidate in candidates if candidate.is_file()), candidates[1])
    loaded = load(path)
    if loaded.spec is None or loaded.problems:
        raise pulumi.RunError(problems_text(loaded.problems, Style()))
    fast_sdk(discovery.backend(cloud).sdks)
    # resources are still registered after the program's last line, until the process ends
    quiet_gc_until_exit()
    from mlplatform.program import run

    run(loaded.spec, cloud)
