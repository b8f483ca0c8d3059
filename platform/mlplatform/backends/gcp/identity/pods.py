"""Service accounts of the pods of one Kubernetes account."""

from __future__ import annotations

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.identity.identity import make_account
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope


def build(scope: Scope, namespace: str, account: str, foundation: Foundation) -> GcpIdentity:
    """Create the account; the cluster says whose pods act as it."""
    del namespace, account
    short = scope.name.removeprefix(f"{scope.context.prefix}-")
    return make_account(scope, short, native(foundation.parts, GcpFoundation))
