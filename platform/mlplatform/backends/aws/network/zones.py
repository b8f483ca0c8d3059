"""The zones that a platform uses in its region, for validation and for the program."""

from __future__ import annotations

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.spec.platform import PlatformSpec


def zone_count(spec: PlatformSpec, target: AwsTarget, catalog: Catalog) -> int:
    """Number of zones to use: the spec's, else that of the target's list, else the profile's default.

    The default is at most what one account has in the region: two in us-west-1.
    """
    region = catalog.regions.get(target.region)
    default = spec.defaults.zones if target.network or region is None else min(spec.defaults.zones, region.zone_count)
    return spec.network.zones or len(target.zones) or default


def zones_in_use(spec: PlatformSpec, target: AwsTarget, catalog: Catalog) -> tuple[str, ...]:
    """The zones in use, in order: the target's, else the adopted network's, else the region's first ones."""
    if target.zones:
        zones = target.zones
    elif target.network:
        zones = tuple(target.network.subnets)
    else:
        region = catalog.regions.get(target.region)
        zones = region.zones[: region.zone_count] if region else ()
    return zones[: zone_count(spec, target, catalog)]
