"""Cost rules of Azure by type token."""

from mlplatform.plan.cost.charge import CostRules
from mlplatform.plan.cost.rules.azure import (
    artifact_store,
    endpoint,
    features,
    keys,
    monitoring,
    network,
    registry,
    tracking,
    training,
    workflow,
)

RULES: CostRules = {
    **network.RULES,
    **keys.RULES,
    **artifact_store.RULES,
    **training.RULES,
    **registry.RULES,
    **endpoint.RULES,
    **monitoring.RULES,
    **tracking.RULES,
    **features.RULES,
    **workflow.RULES,
}
"""Rules by type token."""
