"""How large a tracking server is, with the defaults of its environment. Imports no SDK."""

from __future__ import annotations

from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.tracking import DatabaseSize, TrackingSpec


@record(kw_only=True)
class TrackingSizes:
    """A tracking server's settings with the defaults of its environment."""

    size: DatabaseSize
    """Machine of the database."""

    standby: bool
    """Whether a second database takes over."""

    backup_days: int
    """Days of backups."""

    replicas: int
    """Servers beside each other."""

    last_copy: bool
    """Whether a copy stays when the database is deleted, also once its protection has been lifted."""


def tracking_sizes(spec: PlatformSpec, tracking: TrackingSpec) -> TrackingSizes:
    """What is not said, as the environment's profile has it."""
    profile, database = spec.profile_in_use, tracking.database
    return TrackingSizes(
        size=database.size or ("small" if profile == "dev" else "medium"),
        standby=profile == "prod" if database.standby is None else database.standby,
        backup_days=database.backup_days or (7 if profile == "dev" else 30),
        replicas=tracking.replicas or (2 if profile == "prod" else 1),
        last_copy=profile != "dev",
    )
