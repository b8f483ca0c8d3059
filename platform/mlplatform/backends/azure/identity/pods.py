"""Managed identities of the pods of one Kubernetes account."""

from __future__ import annotations

from mlplatform.backends.azure.identity.identity import make_identity
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope


def build(scope: Scope, namespace: str, account: str, foundation: Foundation) -> AzureIdentity:
    """Create the identity; the cluster says whose pods act as it."""
    del namespace, account, foundation
    return make_identity(scope)
