"""The made-up account in which mocked resources live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mlplatform.providers.wire import UNKNOWN, bare


@dataclass(frozen=True)
class Account:
    """Where mocked resources are created; it shows in their ARNs, self links and resource ids.

    cloud: `aws`, `gcp`, `azure` or another provider's own name.
    account: AWS account id, GCP project id or Azure subscription id. Default: an obviously made-up one.
    region: AWS region, GCP region or Azure location; zones are derived from it.
    number: GCP project number; also the seed of other numeric ids.
    tenant: Azure tenant id.
    """

    cloud: str
    account: str
    region: str
    number: str = "123456789012"
    tenant: str = "11111111-1111-4111-8111-111111111111"

    @classmethod
    def sample(cls, cloud: str) -> Account:
        """A made-up account of a cloud, for tests which do not care which one it is."""
        return {
            "aws": cls("aws", "123456789012", "us-east-1"),
            "gcp": cls("gcp", "sample-project", "us-central1"),
            "azure": cls("azure", "00000000-0000-4000-8000-000000000000", "eastus2"),
        }.get(cloud, cls(cloud, "sample", "local"))

    def under(self, settings: Mapping[str, object]) -> Account:
        """The same account as a provider with these inputs sees it: in that provider's region, where it has one."""
        for name in ("region", "location"):
            region = bare(settings.get(name))
            if isinstance(region, str) and region and UNKNOWN not in region:
                return replace(self, region=region)
        return self


CLOUD_OF_PACKAGE = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}
"""Provider package to cloud; another package is its own cloud."""
