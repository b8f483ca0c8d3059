"""Parts of the foundation, for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi

from mlplatform.components.foundation import FoundationParts


@dataclass(frozen=True, kw_only=True)
class AwsFoundation(FoundationParts):
    """The foundation of a platform on AWS."""

    oidc: dict[str, pulumi.Resource] = field(default_factory=dict[str, pulumi.Resource])
    """The CI system's OIDC provider by issuer, once an identity needed it."""
