"""Problems that every cloud reports in the same words: machines, regions, zones and reservations that it does not have.

A backend brings only its facts: the catalogue, the zones in use, how its reservations are named.
"""

from __future__ import annotations

from mlplatform.components.problems.machines import (
    cpu_pool_problems,
    endpoint_cpu_problems,
    endpoint_machine,
    local_disk_problems,
    pool_machine,
    service_problems,
    system_pool_problems,
)
from mlplatform.components.problems.reservations import (
    ReservationForm,
    reservation_problems,
    unused_reservations,
    zone_problems,
)
from mlplatform.components.problems.targets import (
    MOST_ZONES,
    range_problems,
    reference_problems,
    replica_problems,
    target_problems,
)

__all__ = [
    "MOST_ZONES",
    "ReservationForm",
    "cpu_pool_problems",
    "endpoint_cpu_problems",
    "endpoint_machine",
    "local_disk_problems",
    "pool_machine",
    "range_problems",
    "reference_problems",
    "replica_problems",
    "reservation_problems",
    "service_problems",
    "system_pool_problems",
    "target_problems",
    "unused_reservations",
    "zone_problems",
]
