"""The project's Binary Authorization policy: which images the cluster and Cloud Run start."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import binaryauthorization

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope


def declare_image_policy(scope: Scope, after: Sequence[pulumi.Resource], existing: Sequence[pulumi.Input[str]]) -> None:
    """Declare the policy where the target asks for it, or say that nobody does.

    https://docs.cloud.google.com/binary-authorization/docs/key-concepts#default_policy

    Args:
        scope: the registry's.
        after: prerequisites.
        existing: addresses of existing repositories, which may be of another project.
    """
    target = scope.target(GcpTarget)
    if target.admitted_images is None:
        scope.note(
            "targets[gcp].admitted_images",
            "the cluster and Cloud Run enforce the project's own Binary Authorization policy, which admits every image "
            "in a new project; list images here to declare one that admits these, the platform's and Google's",
        )
        return
    own = f"{target.region}-docker.pkg.dev/{target.project}/**"
    binaryauthorization.Policy(
        scope.child("admission"),
        project=target.project,
        description=f"{scope.spec.name} {scope.spec.environment}: images that run in this project",
        # images of GKE's own add-ons, which Google keeps the list of
        global_policy_evaluation_mode="ENABLE",
        admission_whitelist_patterns=[
            binaryauthorization.PolicyAdmissionWhitelistPatternArgs(name_pattern=pattern)
            for pattern in (
                *dict.fromkeys((own, *target.admitted_images)),
                *(pulumi.Output.concat(address, "/**") for address in existing),
            )
        ],
        default_admission_rule=binaryauthorization.PolicyDefaultAdmissionRuleArgs(
            evaluation_mode="ALWAYS_DENY", enforcement_mode="ENFORCED_BLOCK_AND_AUDIT_LOG"
        ),
        opts=scope.opts(depends_on=after),
    )
