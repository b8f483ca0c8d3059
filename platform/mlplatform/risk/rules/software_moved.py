"""Images, packages or models come from elsewhere, or nothing checks them any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.cluster.images.address import ImageAddress
from mlplatform.plan.model import UNKNOWN, Step
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.leaves import Leaf
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.guards.tables.software import ADMISSION
from mlplatform.risk.references import image_reference, source_of, store_of
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(ADMISSION)
IMAGES = re.compile(r"(?!availblanking|audioonly|preview)\w*image(uri|url|identifier|name|path|touse)?|containeruri")
"""Names of inputs with a reference to an image."""
_MODELS = re.compile(
    r"^(s3uri|modeldataurl|modelurl|modeluri|artifacturi|storageuri|modelsource|modelpath|gcssource|sourceuri|modelartifacturi"
    r"|modelassetid|uri|contenturi|datauri|s3key|s3bucket|model_uri|model_url|model_id|hf_model_id|storage_uri)$"
)
"""Names of inputs, or of environment variables, with the address of a model."""
_PROJECT = re.compile(r"projects/([^/]+)/")
"""An image of machines: https://docs.cloud.google.com/compute/docs/images"""
_FLOATING = re.compile(r"latest|main|master|nightly|edge|stable|dev|head", re.IGNORECASE)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from _TABLE.examine(evidence)
    if evidence.household.is_new:
        # two stacks: everything of the second one is its own
        return
    for item in evidence.cached(turnover).altered:
        for leaf in item.leaves:
            name = leaf.names[-1] if leaf.names else ""
            if leaf.after == UNKNOWN or not isinstance(leaf.after, str) or not isinstance(leaf.before, str):
                continue
            if IMAGES.fullmatch(name):
                yield from _image(item.step, leaf, leaf.before, leaf.after)
            elif _MODELS.match(name) or (name == "value" and "env" in leaf.path.lower()):
                yield from _model(item.step, leaf, leaf.before, leaf.after, evidence)


def _image(step: Step, leaf: Leaf, was: str, now: str) -> Iterator[Hit]:
    old, new = image_reference(was), image_reference(now)
    if old is None or new is None:
        return
    if (project := _PROJECT.search(now)) and (former := _PROJECT.search(was)):
        if project[1] != former[1]:
            text = f"Its image comes from the project {shown(project[1])} instead of {shown(former[1])}."
            yield Hit("high", step.urn, text, leaf.path)
        return
    if source_of(old) != source_of(new):
        text = f"Its image comes from {shown(source_of(new))} instead of {shown(source_of(old))}."
        yield Hit("high", step.urn, text, leaf.path)
    if old.digest and not new.digest:
        yield Hit("high", step.urn, "Its image is no longer fixed by a digest: what runs can be exchanged.", leaf.path)
    elif not new.digest and _floats(new) and not _floats(old):
        yield Hit("medium", step.urn, f"Its image's tag {shown(new.tag or 'latest')} moves.", leaf.path)


def _floats(image: ImageAddress) -> bool:
    return not image.digest and (not image.tag or _FLOATING.fullmatch(image.tag) is not None)


def _model(step: Step, leaf: Leaf, was: str, now: str, evidence: Evidence) -> Iterator[Hit]:
    old, new = store_of(was), store_of(now)
    if not old or not new or old == new:
        return
    if not _is_own(new, evidence):
        text = f"Its model comes from {shown(new)}, which is no store of the platform, instead of {shown(old)}."
        yield Hit("high", step.urn, text, leaf.path)


def _is_own(store: str, evidence: Evidence) -> bool:
    """Whether a resource that is there already is the store: a bucket of this name, or a container of this account."""
    names = store.rpartition("://")[2].split("/")
    first = names[0].partition(".")[0] if "." in names[0] and "://" not in store else names[0]
    return any(
        step.inputs.get(key) == first for step in evidence.before.values() for key in ("bucket", "name", "accountName")
    )


RULE = RiskRule(
    id="software-moved",
    topic="software",
    title="Images and models come from where they came from, and are checked",
    fix="Copy it into the platform's own registry or store, fix it by digest, and keep what checks it.",
    examine=_examine,
    covers=frozenset({"image-scan", "image-tags"}),
)
