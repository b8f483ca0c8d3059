"""The provider accepts one account alone, and importing the backend imports no SDK."""

from __future__ import annotations

from ...planned import Planned
from .conftest import ACCOUNT


def test_the_provider_refuses_other_accounts(prod: Planned) -> None:
    provider = next(step for step in prod.plan.steps if step.type == "pulumi:providers:aws")
    assert ACCOUNT in str(provider.inputs["allowedAccountIds"])
    assert provider.inputs["region"] == "us-east-1"


def test_importing_the_backend_imports_no_sdk() -> None:
    import subprocess
    import sys

    code = "import sys, mlplatform.backends.aws; sys.exit('pulumi_aws' in sys.modules or 'pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
