"""Loads what a Python spec will use before it runs in a process of its own, so that both processes have it.

Otherwise the modules of its models are loaded once in each. What only the checks of the spec use is loaded while it
runs: two processors work at once then. Validators of models are built where the spec runs, which alone uses them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import mlplatform
from mlplatform import discovery
from mlplatform.fast.sources import keep_compiled
from mlplatform.spec.target import Target

_IMPORTED = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_CHECKS = (
    "mlplatform.reading.images_file",
    "mlplatform.reading.record_file",
    "mlplatform.reading.parity",
    "mlplatform.spec.feature_problems",
    "mlplatform.spec.monitor_problems",
    "mlplatform.views.spec.problems",
)
"""Modules of what follows on the run of a spec."""
_OF_CLOUDS = ("addresses", "data_remote", "feature_store.names")
"""Those of a cloud."""
_TRIGGERS = ("mlplatform.spec.schedules", "cronsim")
"""Modules that the validators of triggers load."""
_CLASS = re.compile(r"\b[A-Z]\w+")

Sources = Mapping[str, str | bytes]
"""Texts of files by path: the spec's as it was read, others' as they stand there."""


def preload(file: Path, text: str) -> tuple[Sequence[str], Sources]:
    """Load the models that a spec and the files beside it name; what cannot be loaded is told when the spec runs.

    Returns:
        The clouds of the targets among them; and the texts of all these files.
    """
    sources = dict(_sources(file, text))
    names = {name for source in sources.values() for name in _CLASS.findall(_decoded(source))}
    clouds: list[str] = []
    for name in sorted(names.intersection(mlplatform.__all__)):
        with suppress(Exception):
            model = getattr(mlplatform, name)
            if isinstance(model, type) and issubclass(model, Target):
                clouds.append(model.model_fields["cloud"].default)
    if "mlplatform.spec.triggers" in sys.modules:
        for name in _TRIGGERS:
            import_module(name)
    return clouds, sources


def preload_checks(clouds: Sequence[str], sources: Sources) -> None:
    """Load what the checks of a spec use on these clouds, and keep the code of its files for the next time.

    What cannot be loaded or compiled is told by the checks, and by the spec itself.
    """
    with suppress(Exception):
        for name in _CHECKS:
            import_module(name)
        for cloud in clouds:
            backend = discovery.backend(cloud)
            _ = backend.catalog
            for name in _OF_CLOUDS:
                with suppress(ImportError):
                    import_module(f"{backend.package}.{name}")
    for path, source in sources.items():
        with suppress(Exception):
            keep_compiled(source, path)


def _sources(file: Path, text: str) -> Iterator[tuple[str, str | bytes]]:
    """Path and text of the spec, and of the modules beside it that it imports, as they are in their files."""
    pending: list[tuple[Path, str | bytes]] = [(file, text)]
    seen = {file}
    while pending:
        path, source = pending.pop()
        yield str(path), source
        for name in _IMPORTED.findall(_decoded(source)):
            for beside in (file.parent / f"{name}.py", file.parent / name / "__init__.py"):
                if beside not in seen and beside.is_file():
                    seen.add(beside)
                    with suppress(OSError):
                        pending.append((beside, beside.read_bytes()))


def _decoded(source: str | bytes) -> str:
    return source if isinstance(source, str) else source.decode("utf-8", "replace")
