"""Cost rules of GCP by type token."""

from mlplatform.plan.cost.charge import CostRules
from mlplatform.plan.cost.rules.gcp import (
    artifact_store,
    endpoint,
    features,
    keys,
    monitoring,
    network,
    pipelines,
    registry,
    tracking,
    training,
)

RULES: CostRules = {
    **network.RULES,
    **keys.RULES,
    **artifact_store.RULES,
    **training.RULES,
    **registry.RULES,
    **endpoint.RULES,
    **monitoring.RULES,
    **pipelines.RULES,
    **tracking.RULES,
    **features.RULES,
}
"""Rules by type token."""
