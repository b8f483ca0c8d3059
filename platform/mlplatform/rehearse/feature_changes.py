"""An entity with a group of features comes, is kept online, changes, and goes."""

from __future__ import annotations

from mlplatform.rehearse.turn import ADDED, Turn, goes
from mlplatform.spec.feature_store import (
    EntitySpec,
    FeatureField,
    FeatureFillSpec,
    FeatureGroupSpec,
    FeatureStoreSpec,
)
from mlplatform.spec.platform import PlatformSpec

_GROUP = FeatureGroupSpec(
    name=f"{ADDED}_spend",
    entities=(ADDED,),
    features=(FeatureField(name="amount", type="float64"),),
    ttl_hours=24,
    online=True,
)
_MORE = FeatureField(name="payments", type="int64")


def change_features(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A group online comes with its entity; a feature more, and another time to live, which replace nothing of the
    store; then the entity goes."""
    made = _with_group(spec, _GROUP)
    wider = _with_group(spec, _GROUP.overlay(features=(*_GROUP.features, _MORE)))
    shorter = _with_group(spec, _GROUP.overlay(features=(*_GROUP.features, _MORE), ttl_hours=12))
    return (
        Turn(made, "it comes", quiet=True),
        Turn(wider, "a feature more", quiet=True),
        Turn(shorter, "another time to live", quiet=True),
        *goes(spec, shorter, "the entity goes", held=True),
    )


def _with_group(spec: PlatformSpec, group: FeatureGroupSpec) -> PlatformSpec:
    entity, store = EntitySpec(name=ADDED, key=f"{ADDED}_id"), spec.feature_store
    repositories = spec.registry.repositories
    # only an image of the platform's own is the same on every target
    fill = FeatureFillSpec(image=f"{repositories[0]}:{ADDED}") if repositories else None
    if store is None:
        return spec.overlay(feature_store=FeatureStoreSpec(entities=(entity,), groups=(group,), fill=fill))
    entities, groups = (*store.entities, entity), (*store.groups, group)
    return spec.overlay(feature_store=store.overlay(entities=entities, groups=groups, fill=store.fill or fill))
