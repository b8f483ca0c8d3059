"""Models that the spec gates: a version of one is released as its pipeline's candidate, or with a written reason."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.promote.request import PromotionRequest
from mlplatform.spec.model_names import split_model
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import GateResult, Release
from mlplatform.spec.variants import ShadowSpec, VariantSpec

WITHOUT_GATE = "released without its gate"
"""Name of the failed gate of a release that went round the pipeline's."""

MOST_WORDS = 400
"""Longest reason, as the record keeps it."""


def gating_pipelines(spec: PlatformSpec, model: str) -> tuple[PipelineSpec, ...]:
    """The pipelines whose gate judges a model, on any target.

    Args:
        spec: the whole platform: what one target trains, another one serves.
        model: its name, without a version.
    """
    return tuple(
        pipeline for pipeline in spec.pipelines if pipeline.model == model and any(step.gate for step in pipeline.steps)
    )


def gate_problems(spec: PlatformSpec, request: PromotionRequest, *, shadow: bool) -> Iterator[Problem]:
    """A version that goes round the gate of its model. A shadow answers nobody, and needs none.

    Args:
        spec: the whole platform.
        request: what to release.
        shadow: whether it is released to a shadow alone.
    """
    reason = request.without_gate
    if reason is not None and not _says_something(reason):
        yield Problem(
            "--without-gate",
            f"{len(reason)} characters" if reason.strip() else "nothing",
            f"the reason in words, on one line of at most {MOST_WORDS} characters: the record and the audit keep it",
            "write why the gate is left out",
        )
    gated = gating_pipelines(spec, split_model(request.model)[0]) if request.model and not request.back else ()
    names = ", ".join(pipeline.name for pipeline in gated)
    if not gated or shadow:
        if reason is not None:
            what = "a shadow" if shadow else request.model or "the release before"
            yield Problem("--without-gate", what, "a model that the spec gates", "omit --without-gate")
        return
    if request.candidate is None:
        if reason is None:
            yield Problem(
                "--candidate",
                f"nothing, and {request.model} is gated by {names}",
                "the candidate that a run of this pipeline registered: it passed the gate and was signed off",
                "add --candidate FILE instead of MODEL/VERSION, or --without-gate REASON: record and audit keep it",
            )
        return
    made = next((pipeline for pipeline in gated if pipeline.name == request.candidate.pipeline), None)
    if reason is not None and made is not None:
        yield Problem("--without-gate", "a candidate that passed its gate", "one of the two", "omit --without-gate")
    elif reason is None and made is None:
        yield Problem(
            "--candidate",
            f"a candidate of pipeline {request.candidate.pipeline}",
            f"one of {names}, whose gate the spec asks for",
            "run that pipeline, or add --without-gate REASON: record and audit keep it",
        )
    elif made is not None:
        asked = {role for step in made.steps if step.gate for role in step.gate.sign_off}
        for role in sorted(asked - set(request.candidate.sign_off)):
            yield Problem(
                "--candidate",
                f"a candidate that asks for no sign-off as {role}",
                f"the sign-offs that the gate of {made.name} asks for now",
                "run the pipeline again",
            )


def marked(release: Release, request: PromotionRequest, variant: VariantSpec | ShadowSpec) -> Release:
    """The release with the gate that it went round, who decided it and why; unchanged where it went round none."""
    if request.without_gate is None or isinstance(variant, ShadowSpec) or not _says_something(request.without_gate):
        return release
    failed = GateResult(
        name=WITHOUT_GATE,
        passed=False,
        by=(request.approver or "?").strip() or "?",
        reason=request.without_gate.strip(),
    )
    return release.overlay(gates=(*release.gates, failed))


def _says_something(reason: str) -> bool:
    words = reason.strip()
    return 0 < len(words) <= MOST_WORDS and words.isprintable()
