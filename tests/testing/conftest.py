"""The tests of the strict mocks load the provider SDKs piece by piece, as plans do.

Here and not in a fixture: test modules import the SDKs when they are collected.
"""

from __future__ import annotations

from mlplatform.fast.sdk.install import fast_sdk

fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))
