"""Tags of a platform's resources, and of the jobs that its services start. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target


def resource_tags(spec: PlatformSpec, target: Target, capability: str) -> dict[str, str]:
    """Tags in the strictest alphabet of the three clouds.

    Args:
        spec: the platform.
        target: where it is.
        capability: what the tagged thing belongs to.
    """
    return {
        **spec.tags,
        "platform": spec.name,
        "environment": spec.environment,
        "owner": spec.owner,
        "cost-center": spec.cost_center,
        "data-class": spec.data_class,
        "capability": capability,
        "managed-by": "mlplatform",
        **({"target": target.name} if target.has_own_name else {}),
    }
