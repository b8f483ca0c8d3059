"""Defaults that differ between development and production."""

from __future__ import annotations

from typing import Literal

from mlplatform.fast.record import record
from mlplatform.spec.network import Nat

Profile = Literal["dev", "staging", "prod"]


@record()
class Defaults:
    """The defaults of one profile."""

    zones: int
    """Zones of the network and the cluster."""

    nat: Nat
    """NAT gateways for egress."""

    key_deletion_days: int
    """Recovery window of deleted keys, days."""

    log_retention_days: int
    """Retention of logs, days."""

    system_nodes: int
    """Minimum nodes of the system pool."""

    protected: bool
    """True if stateful resources are protected from deletion."""

    def with_protection(self, protected: bool) -> Defaults:
        """The same defaults with or without protection from deletion."""
        return Defaults(
            zones=self.zones,
            nat=self.nat,
            key_deletion_days=self.key_deletion_days,
            log_retention_days=self.log_retention_days,
            system_nodes=self.system_nodes,
            protected=protected,
        )


DEFAULTS: dict[Profile, Defaults] = {
    "dev": Defaults(zones=2, nat="single", key_deletion_days=7, log_retention_days=30, system_nodes=2, protected=False),
    "staging": Defaults(
        zones=3, nat="single", key_deletion_days=7, log_retention_days=30, system_nodes=2, protected=True
    ),
    "prod": Defaults(
        zones=3, nat="per-zone", key_deletion_days=30, log_retention_days=365, system_nodes=3, protected=True
    ),
}

FIELDS: dict[str, str] = {
    "network.zones": "zones",
    "network.nat": "nat",
    "keys.deletion_window_days": "key_deletion_days",
    "monitoring.log_retention_days": "log_retention_days",
    "training.system_pool.min_nodes": "system_nodes",
    "deletion_protection": "protected",
}
"""Fields of the spec whose default is the profile's, with the name of that default."""
