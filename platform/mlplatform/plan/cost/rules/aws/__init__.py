"""Cost rules of AWS by type token."""

from mlplatform.plan.cost.charge import CostRules
from mlplatform.plan.cost.rules.aws import artifact_store, endpoint, keys, monitoring, network, registry, training

RULES: CostRules = {
    **network.RULES,
    **keys.RULES,
    **artifact_store.RULES,
    **training.RULES,
    **registry.RULES,
    **endpoint.RULES,
    **monitoring.RULES,
}
"""Rules by type token."""
