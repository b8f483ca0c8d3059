"""The contract of a backend of your own: each capability is built as its `Protocol` says, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from typing import Literal

import mlplatform.cluster
import mlplatform.components
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.contract import contracts, parameters
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.needed_module import NeededModule
from mlplatform.components.needed_modules import NEEDED, missing_modules
from mlplatform.fast.record import record
from mlplatform.plan.matrix import Matrix, build_matrix
from mlplatform.plan.record import record as record_plan
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.testing.samples import sample


@record()
class BackendModule:
    """One module that a backend may have."""

    module: str
    """Its path below the package, `training.cluster`."""

    state: Literal["built", "refused", "missing", "broken"]
    """`refused`: it is not there, and a limit of the backend says so."""

    words: str
    """What is to do; empty where it is built."""

    def __str__(self) -> str:
        return self.module


def backend_modules(backend: Backend) -> tuple[BackendModule, ...]:
    """Every module that a spec may need, and whether the backend has it.

    Args:
        backend: what the entry point names.
    """
    missing = missing_modules(backend.package)
    return tuple(_state(backend, each, each in missing) for each in NEEDED)


def _state(backend: Backend, needed: NeededModule, missing: bool) -> BackendModule:
    kind = known_contracts().get(needed.module)
    if missing:
        takes = ", ".join(parameters(kind)) if kind else "…"
        todo = f"{backend.package}.{needed.module}: write build({takes}) as {needed.contract} says"
        limit = next((limit.field for limit in backend.limits if _covers(limit, needed.field)), "")
        if limit:
            return BackendModule(needed.module, "refused", f"{todo}; then take `{limit}` out of the limits")
        other = f", or declare a Limit of `{needed.field}` with your reason" if needed.field else ""
        return BackendModule(needed.module, "missing", f"{todo}{other}")
    try:
        if kind is not None:
            backend.load(kind)
    except (ImportError, NotImplementedError, TypeError) as error:
        return BackendModule(needed.module, "broken", str(error))
    return BackendModule(needed.module, "built", "")


_OUTPUT_AS_TEXT = "Calling __str__ on an Output"
"""What Pulumi writes into a text that an Output is formatted into."""


@cache
def known_contracts() -> Mapping[str, type[object]]:
    """Every contract by the path of its module, `training.cluster`."""
    for package in (mlplatform.components, mlplatform.cluster):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            found = find_spec(module.name)
            # others are of no use here, and some are programs that run elsewhere
            if found and found.origin and "@contract(" in Path(found.origin).read_text(encoding="utf-8"):
                import_module(module.name)
    return contracts()


def _covers(limit: Limit, field: str) -> bool:
    return bool(field) and f"{field}.".startswith(f"{limit.field}.")


@cache
def _matrix() -> Matrix:
    return build_matrix()


def field_gaps(backend: Backend) -> tuple[str, ...]:
    """Fields of a spec that neither the backend's code reads nor one of its limits names.

    A value there would be taken without a word and change nothing.

    Args:
        backend: an installed one.
    """
    matrix = _matrix()
    at = matrix.clouds.index(backend.name)
    return tuple(row.path for row in matrix.rows if row.cells[at].support == "missing")


def limit_faults(backend: Backend) -> tuple[str, ...]:
    """What is wrong with a backend's limits: no reason, no alternative, or a field that no spec has.

    Args:
        backend: an installed one.
    """
    known = {row.path for row in _matrix().rows}
    return tuple(
        fault
        for limit in backend.limits
        for wrong, fault in (
            (not limit.reason.strip(), f"{limit.field}: say the cloud's reason"),
            (not limit.alternative.strip(), f"{limit.field}: say the nearest thing that works"),
            (limit.field not in known, f"{limit.field}: no spec has this field"),
        )
        if wrong
    )


def capability_faults(
    backend: Backend, target: Mapping[str, object], field: str, changes: Mapping[str, object] | None = None
) -> tuple[str, ...]:
    """What is wrong with one capability: it is neither refused by a limit, nor can it be planned.

    A refusal of another kind is a fault: nothing of the capability was tried then. Most often the catalogue lacks a
    machine that the sample asks for.

    Args:
        backend: an installed one.
        target: fields of a target, `cloud` among them.
        field: one of `capability_samples`.
        changes: sections of the sample that must be otherwise on this cloud. Omitted: none.
    """
    spec = PlatformSpec.model_validate({**sample(field, target), **(changes or {})})
    name = spec.targets[0].name
    narrowed = spec.on(name)
    limits = (*backend.limits, *backend.lacking)
    limited = {path for limit in limits for path, _ in limit.violations(narrowed)}
    problems = backend.problems(narrowed)
    # what a limit refuses is answered, whatever else is wrong with the sample there
    untried = not any(problem.path in limited for problem in problems)
    if problems:
        return tuple(filter(None, (_refusal_fault(field, problem, untried=untried) for problem in problems)))
    try:
        plan = record_plan(as_released(spec, (name,)), name)
    except Exception as error:  # whatever the backend's code raises
        return (f"{field}: it is not refused, and cannot be planned: {type(error).__name__}: {error}",)
    return tuple(
        f"{field}: an input of {step.name} has the text of an Output in it: hand the Output itself on, or use apply"
        for step in plan.steps
        if _OUTPUT_AS_TEXT in str(step.inputs)
    )


def _refusal_fault(field: str, problem: Problem, *, untried: bool) -> str:
    """What is wrong with a refusal; empty where a limit refuses the sample, in words."""
    if not (problem.expected.strip() and problem.fix.strip()):
        return f"{field}: refused at {problem.path} without a reason or without a fix"
    if untried:
        return (
            f"{field}: nothing of it was tried, for the sample is refused at {problem.path}, and not by a limit: got "
            f"{problem.got}, expected {problem.expected}; {problem.fix}"
        )
    return ""
