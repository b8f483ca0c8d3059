"""The GCP provider of one target."""

from __future__ import annotations

import pulumi_gcp as gcp

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.context import Context
from mlplatform.components.narrowed import typed_target


def build(context: Context) -> gcp.Provider:
    """A provider bound to the target's project, whose quota it uses even for a person's calls: budgets require that."""
    target = typed_target(context.target, GcpTarget)
    return gcp.Provider(
        f"{context.prefix}-gcp",
        project=target.project,
        region=target.region,
        user_project_override=True,
        billing_project=target.project,
        add_pulumi_attribution_label=False,
        # the provider would write several grants as one change of the project's policy, and the deployer's condition
        # lets one change touch ten roles at most (bootstrap/policies.py)
        batching=gcp.ProviderBatchingArgs(enable_batching=False),
    )
