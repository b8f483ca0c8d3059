"""Judges the files of a candidate: their size, and the licences of what it was made from."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.gates import GateSpec
from mlplatform.steps.model_files import ProvenanceSaid, is_fixed
from mlplatform.steps.verdict import Judgement


def judge_size(name: str, most: float, size: float) -> Judgement:
    """Whether the files are small enough.

    Args:
        name: of the requirement.
        most: MiB that they may have.
        size: MiB that they have.
    """
    outcome = "passed" if size <= most else "refused"
    return Judgement(name=name, outcome=outcome, words=f"{name}: it has {size:.4g}", value=size, bound=most)


def judge_licence(name: str, gate: GateSpec, said: ProvenanceSaid, declared: Sequence[BaseModelSpec] = ()) -> Judgement:
    """Whether the licences of the model, and of all that it was made from, are among those of the gate.

    Args:
        name: of the requirement.
        gate: the gate.
        said: what the model's folder says.
        declared: what the pipeline's steps read. The model may not say that it comes from something else.
    """
    wrong = [] if said.licence in gate.licences else [f"the model's is {said.licence}"]
    bases = {(each.id, each.revision): each.licence for each in declared}
    if base := said.base:
        key = (base.id, base.revision)
        if declared and key not in bases:
            wrong.append(f"the model says that it comes from {base.id} at {base.revision[:19]}, which no step reads")
        if bases.setdefault(key, base.licence) != base.licence:
            wrong.append(f"the model says that {base.id} is {base.licence}, and the pipeline says {bases[key]}")
        if not is_fixed(base.revision):
            wrong.append(f"revision {base.revision} of {base.id} is no whole commit, so what was taken may change")
    wrong += [f"that of {each} is {licence}" for (each, _), licence in bases.items() if licence not in gate.licences]
    origin = "".join(f", trained from {each} at {revision[:19]}" for each, revision in bases)
    words = f"{name}: {'; '.join(wrong) or f'it has {said.licence}{origin}'}"
    return Judgement(name=name, outcome="refused" if wrong else "passed", words=words)
