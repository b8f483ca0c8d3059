"""Customer-managed encryption keys."""

from typing import Literal

from pydantic import Field

from mlplatform.spec.base import SpecModel

KeyPurpose = Literal["store", "cluster", "volumes", "registry", "serving", "monitoring"]
KEY_PURPOSES: tuple[KeyPurpose, ...] = ("store", "cluster", "volumes", "registry", "serving", "monitoring")


class KeysSpec(SpecModel):
    """One key per purpose, owned by the platform and rotated by the cloud."""

    rotation_days: int = Field(default=90, ge=90, le=365)
    """Days between automatic rotations."""

    deletion_window_days: int | None = Field(default=None, ge=7, le=30)
    """Days a deleted key can still be recovered. Omitted: 30 in prod, 7 elsewhere."""

    protection: Literal["software", "hsm"] = "software"
    """Storage of the key material; `hsm` asks for FIPS 140 validated hardware (AWS always uses it)."""
