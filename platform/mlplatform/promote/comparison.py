"""Holds what a candidate was compared with against what is released now."""

from __future__ import annotations

from mlplatform.promote.request import PromotionRequest
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import GateResult, Release
from mlplatform.spec.variants import ShadowSpec, VariantSpec

COMPARED_WITH = "compared with the released model"
"""Name of the gate that fails where another model is released now than when the candidate was judged."""


def held_against(
    release: Release,
    request: PromotionRequest,
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
) -> Release:
    """The release, if its gate compared it with a model that is released now; a shadow answers nobody.

    Raises:
        Unacceptable: it was compared with another one, and nobody overrules that.
    """
    candidate, target = request.candidate, spec.targets[0].name
    if candidate is None or not candidate.compared or not isinstance(variant, VariantSpec):
        return release
    serving = {each.name for each in endpoint.all_variants()}
    known = spec.record.of(target, endpoint.name) if spec.record else {}
    versions = {each.version for name, each in known.items() if name in serving and each.model == candidate.model}
    # where nothing is released the thresholds decide, and it passed them
    if not versions or versions & {candidate.released, candidate.version}:
        return release
    if not request.overrule:
        judged = f"version {candidate.released}" if candidate.released else "no model, because none was released"
        raise Unacceptable(
            Problem(
                "--candidate",
                f"{candidate.path}, which was compared with {judged}",
                f"a comparison with version {' or '.join(sorted(filter(None, versions)))}, which {endpoint.name} on "
                f"{target} serves now",
                "run the pipeline again, leave this target out with --target, or add --overrule: the record keeps it",
            )
        )
    failed = GateResult(name=COMPARED_WITH, passed=False, by=(request.approver or "?").strip() or "?")
    return release.overlay(gates=(*release.gates, failed))
