"""A cloud of each kind; the SDKs load piece by piece, as plans do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.fast.sdk.install import fast_sdk
from mlplatform.mock_cloud import Cloud
from mlplatform.providers.accounts import Account

fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))


@pytest.fixture
def cloud() -> Callable[[str], Cloud]:
    """An empty cloud by name."""
    return lambda name: Cloud(Account.sample(name))
