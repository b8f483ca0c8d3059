"""Regions that cannot be one of the target's cloud by their form alone."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.catalog.region_fields import REGION_FIELDS
from mlplatform.reading.describe.shape import Location, tag_of
from mlplatform.spec.base import SpecModel
from mlplatform.spec.target import Target


def region_wording(written: str, location: Location, owners: Sequence[type[SpecModel]]) -> tuple[str, str] | None:
    """The accepted values and the fix; None for another field than the region of a target.

    Args:
        written: the refused value.
        location: of the field.
        owners: the models that have the field.
    """
    from mlplatform import discovery

    targets = [owner for owner in owners if issubclass(owner, Target) and location[-1] in REGION_FIELDS]
    cloud = tag_of(targets[0]) if len(targets) == 1 else None
    if cloud is None:
        return None
    backend = discovery.backend(cloud)
    near = backend.catalog.near_regions(written)
    expected = f"a region of {backend.title}, for example {backend.catalog.price_region}"
    return (
        expected,
        f"did you mean {' or '.join(near)}?" if near else f"write for example {backend.catalog.price_region}",
    )
