"""What a release says, as lines of a name and a text, and what it does not say."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from mlplatform.lineage.history import Since
from mlplatform.spec.releases import FormerRelease, GateResult, Release
from mlplatform.spec.training_run import TrainingRun

EXPECTED = ("data_version", "commit", "run", "training")
"""Fields without which the chain has a hole."""


def served(release: FormerRelease) -> str:
    """What serves: `fraud/7`, or the image that holds the model."""
    return release.path or image(release) or "its image"


def image(release: FormerRelease) -> str:
    """The container image with its digest; empty for the server's public one."""
    return "@".join(filter(None, (release.image, release.image_digest)))


def since_words(since: Since) -> str:
    """Since when: `2026-11-02 (commit 0123abc)`, or why nobody can say."""
    if since.day:
        return f"{since.day} (commit {since.commit[:12]})"
    return since.unknown or "unknown"


def facts(release: FormerRelease) -> Iterator[tuple[str, str]]:
    """Everything that a release says of its origin and its approval."""
    for name in ("artifact", "data_version", "commit", "run", "registry"):
        if value := getattr(release, name):
            yield name.replace("_", " "), value
    if where := image(release):
        yield "image", where
    for name, digest in sorted(release.digests.items()):
        yield "file", f"{name} {digest}"
    if release.training:
        yield from _training(release.training)
    for gate in release.gates:
        yield "gate", gate_words(gate)
    yield "approver", release.approver
    if isinstance(release, Release) and release.review:
        note = f": {release.review.note}" if release.review.note else ""
        yield "review", f"{release.review.day} by {release.review.by}{note}"


def lacking(release: FormerRelease) -> list[str]:
    """Fields of the chain that a release does not say."""
    return [name.replace("_", " ") for name in EXPECTED if not getattr(release, name)]


def gate_words(gate: GateResult) -> str:
    """One gate: `auc 0.91 (bound 0.9), passed`."""
    value = "" if gate.value is None else f" {gate.value:g}"
    bound = "" if gate.threshold is None else f" (bound {gate.threshold:g})"
    by = f", by {gate.by}" if gate.by else ""
    why = f": {gate.reason}" if gate.reason else ""
    return f"{gate.name}{value}{bound}, {'passed' if gate.passed else 'failed and overruled'}{by}{why}"


def _training(run: TrainingRun) -> Iterator[tuple[str, str]]:
    for name in ("repository", "pipeline", "definition", "image", "spec"):
        if value := getattr(run, name):
            yield f"trained: {name}", value
    for base in run.base_models:
        yield "trained: from", f"{base.id} at {base.revision}, {base.licence}"
    if run.command:
        yield "trained: command", shlex.join(run.command)
    for title, values in (("parameters", run.parameters), ("metrics", run.metrics)):
        if values:
            yield f"trained: {title}", ", ".join(f"{name}={json.dumps(values[name])}" for name in sorted(values))
