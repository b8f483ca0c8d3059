"""The sample account in which mocked resources are created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mlplatform.providers.wire import UNKNOWN, plain_value


@dataclass(frozen=True)
class Account:
    """The account in which mocked resources are created; part of their ARNs, self links and resource ids."""

    cloud: str
    """`aws`, `gcp`, `azure` or another provider's own name."""

    account: str
    """AWS account id, GCP project id or Azure subscription id."""

    region: str
    """AWS region, GCP region or Azure location; zones are derived from it."""

    number: str = "123456789012"
    """GCP project number; also the seed of other numeric ids."""

    tenant: str = "11111111-1111-4111-8111-111111111111"
    """Azure tenant id."""

    @classmethod
    def sample(cls, cloud: str) -> Account:
        """A sample account of a cloud, for tests that do not depend on a particular one."""
        return {
            "aws": cls("aws", "123456789012", "us-east-1"),
            "gcp": cls("gcp", "sample-project", "us-central1"),
            "azure": cls("azure", "00000000-0000-4000-8000-000000000000", "eastus2"),
        }.get(cloud, cls(cloud, "sample", "local"))

    def under(self, settings: Mapping[str, object]) -> Account:
        """This account in the region of a provider with these inputs, if they set one."""
        for name in ("region", "location"):
            region = plain_value(settings.get(name))
            if isinstance(region, str) and region and UNKNOWN not in region:
                return replace(self, region=region)
        return self


CLOUD_OF_PACKAGE = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}
"""Provider package to cloud; any other package is its own cloud."""
