"""The identity that reads the secrets of one namespace in the cloud's vault, for External Secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster, ClusterApi
from mlplatform.components.contract import contract
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Identity, IdentityParts
from mlplatform.components.scope import Scope
from mlplatform.components.secret_names import SECRETS_ACCOUNT, reader_name, secret_namespaces

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@contract("identity.secret_reader")
class BuildsSecretReader(Protocol):
    """Makes an identity without keys that may read the secrets of one namespace in the vault, and nothing else.

    Where an identity itself says whose tokens it trusts, it trusts those of `SECRETS_ACCOUNT` in the namespace.
    """

    def __call__(self, scope: Scope, namespace: str, api: ClusterApi, foundation: Foundation, /) -> IdentityParts: ...


class SecretReader(Identity):
    """An identity that reads one namespace's secrets. Jobs never act as it: they read what the operator copied."""

    def __init__(
        self,
        name: str,
        namespace: str,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster: Cluster,
    ) -> None:
        """Make the identity.

        Args:
            name: logical name.
            namespace: the namespace.
            context: the platform it belongs to.
            opts: the usual options.
            cluster: the cluster whose tokens it trusts.

        Raises:
            ValueError: the cluster has no layer.
        """
        if cluster.parts.api is None:
            raise ValueError("cluster: secrets of a namespace need a cluster with a layer of the platform")
        Component.__init__(self, name, context, opts)
        self.purpose = "serving"
        self.made = True
        self.parts = context.backend.load(BuildsSecretReader)(
            self.scope, namespace, cluster.parts.api, context.foundation
        )
        self.principal = self.parts.principal
        cluster.trust_tokens(self, namespace, SECRETS_ACCOUNT)
        self.register_outputs({"principal": self.principal})


def read_secrets(context: Context, cluster: Cluster) -> dict[str, SecretReader]:
    """A reader for each namespace whose secrets come into the cluster, by what the layer calls it.

    Args:
        context: the platform.
        cluster: its cluster.
    """
    return {
        reader_name(each): SecretReader(f"{context.prefix}-{reader_name(each)}", each, context, cluster=cluster)
        for each in secret_namespaces(context.spec)
    }
