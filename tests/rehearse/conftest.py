"""The tests of rehearsals load the provider SDKs piece by piece, as plans do."""

from __future__ import annotations

from mlplatform.fast.sdk.install import fast_sdk

fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))
