"""Where the server's pods get the certificates of RDS' authorities. Imports no SDK.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html#UsingWithRDS.SSL.CertificatesAllRegions
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.spec.platform import PlatformSpec

HOSTS: Mapping[str, str] = {
    "aws": "truststore.pki.rds.amazonaws.com",
    "aws-us-gov": "truststore.pki.us-gov-west-1.rds.amazonaws.com",
    "aws-cn": "rds-truststore.s3.cn-north-1.amazonaws.com.cn",
}
"""Where AWS publishes them, by partition (2026-11)."""


def published_address(target: AwsTarget) -> str:
    """AWS' own bundle of a region, with its present authorities and those to come."""
    return f"https://{HOSTS[target.partition]}/{target.region}/{target.region}-bundle.pem"


def authorities_address(spec: PlatformSpec) -> str:
    """AWS' own bundle; without a way to the internet, a copy in the store, which somebody must put there."""
    if not without_internet(spec):
        return published_address(target_of(spec, AwsTarget))
    place, folder = ARTIFACTS
    return f"{addresses.place_uri(spec, place)}/{folder}/rds-bundle.pem"


def without_internet(spec: PlatformSpec) -> bool:
    """Whether pods reach private addresses alone."""
    return (spec.network.nat or spec.defaults.nat) == "none"
