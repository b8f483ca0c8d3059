"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class KeysSpec(TypedDict):
    """One key per purpose, owned by the platform and rotated by the cloud."""

    rotation_days: NotRequired[int]
    """Days between automatic rotations."""

    deletion_window_days: NotRequired[int]
    """Days a deleted key can still be recovered. Omitted: 30 in prod, 7 elsewhere."""

    protection: NotRequired[str]
    """Storage of the key material; `hsm` asks for FIPS 140 validated hardware (AWS always uses it).

    One of software, hsm.
    """
