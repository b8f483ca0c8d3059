"""The zones a platform uses in its region: the same answer in validation and in the program."""

from __future__ import annotations

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import Catalog
from mlplatform.spec.platform import PlatformSpec


def wanted(spec: PlatformSpec, target: AwsTarget) -> int:
    """How many zones to use: the spec's number, else the target's list, else the profile's default."""
    return spec.network.zones or len(target.zones) or spec.defaults.zones


def zones(spec: PlatformSpec, target: AwsTarget, catalog: Catalog) -> tuple[str, ...]:
    """The zones in use, in order: the target's, else the adopted network's, else the region's first ones."""
    if target.zones:
        named = target.zones
    elif target.network:
        named = tuple(target.network.subnets)
    else:
        region = catalog.regions.get(target.region)
        named = region.zones if region else ()
    return named[: wanted(spec, target)]
