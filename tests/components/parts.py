"""Targets and the least context that the components' tests share."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from mlplatform import AwsTarget, AzureTarget, Context, Existing, GcpTarget, PlatformSpec, discovery
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record_program
from mlplatform.spec.target import Target

TARGETS: dict[str, Target] = {
    "aws": AwsTarget(account_id="123456789012", region="us-east-1", zones=("us-east-1a", "us-east-1b")),
    "gcp": GcpTarget(
        project="acme-ml-dev", project_number="123456789012", region="us-central1", zones=("us-central1-a",)
    ),
    "azure": AzureTarget(
        subscription_id="00000000-1111-4222-8333-444444444444",
        tenant_id="55555555-6666-4777-8888-999999999999",
        location="eastus2",
        zones=("1", "2"),
    ),
}
GROUP = "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/shared/providers"


def spec(cloud: str, name: str = "acme") -> PlatformSpec:
    """The least platform on a cloud."""
    return PlatformSpec(name=name, environment="dev", owner="ml", cost_center="1", targets=(TARGETS[cloud],))


def context(
    cloud: str, *, name: str = "acme", opts: pulumi.ResourceOptions | None = None, existing: Existing | None = None
) -> Context:
    """A context of the least platform."""
    return Context(spec(cloud, name), opts=opts, existing=existing or Existing())


def plan_of(cloud: str, program: Callable[[], object], *, resolve: bool = True) -> Plan:
    """The plan of a program."""

    def run() -> None:
        program()

    account = discovery.backend(cloud).account(TARGETS[cloud])
    return record_program(run, account=account, stack="dev", resolve=resolve)
