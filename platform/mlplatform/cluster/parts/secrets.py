"""External Secrets: copies secrets of the cloud's vault into namespaces of jobs, each by an identity of its own."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.addon_facts import FindsSecrets
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, pods_of
from mlplatform.cluster.objects.secret_stores import GROUP, SecretStore, SecretStoreSpec
from mlplatform.cluster.parts.engines import SMALL
from mlplatform.cluster.parts.walls import walled
from mlplatform.components.secret_names import SECRETS_ACCOUNT, SECRETS_ADDON, secret_namespaces

SECRETS_NAMESPACE = "external-secrets"
"""The namespace of the operator."""

OPERATOR = "external-secrets"
"""The operator's own service account, which no cloud knows."""

STORE = "vault"
"""Name of the store in each namespace of jobs."""

SECRET_KINDS = (GROUP, ("externalsecrets",))
"""Group and plural of what people make: a secret of the vault that they want in their namespace."""

STORE_KINDS = (GROUP, ("secretstores",))
"""Group and plural of what is the platform's: with a store of their own, people could have the operator call any
address from inside of the cluster."""

_WEBHOOK = 10250


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The operator, where the spec names it, and the store of the platform's own namespace."""
    if not secret_namespaces(layer.spec):
        return
    yield from walled(SECRETS_NAMESPACE, _WEBHOOK)
    yield LayerItem(
        role=f"release-{SECRETS_ADDON}",
        stage="jobs",
        body=ChartRelease(chart=SECRETS_ADDON, namespace=SECRETS_NAMESPACE, values=_values()),
    )
    yield from vault_of(layer, layer.spec.access.training_namespace)


def vault_of(layer: LayerContext, namespace: str) -> Iterator[LayerItem]:
    """The store of one namespace of jobs, the account that the vault knows, and the operator's right to its tokens.

    Args:
        layer: the layer; nothing is made without the add-on.
        namespace: the namespace.
    """
    if namespace not in secret_namespaces(layer.spec):
        return
    vault = discovery.backend(layer.spec.targets[0].cloud).load(FindsSecrets)(layer.spec, namespace)
    account = Metadata(name=SECRETS_ACCOUNT, namespace=namespace, annotations=vault.annotations)
    yield LayerItem(
        role=f"account-{namespace}-{SECRETS_ACCOUNT}",
        stage="access",
        body=ServiceAccount(metadata=account, automount_service_account_token=False),
    )
    tokens = Metadata(name="external-secrets-tokens", namespace=namespace)
    rule = PolicyRule(
        api_groups=("",), resources=("serviceaccounts/token",), verbs=("create",), resource_names=(SECRETS_ACCOUNT,)
    )
    yield LayerItem(role=f"role-secrets-{namespace}", stage="access", body=Role(metadata=tokens, rules=(rule,)))
    binding = RoleBinding(
        metadata=tokens,
        role_ref=RoleRef(name=tokens.name, kind="Role"),
        subjects=(pods_of(OPERATOR, SECRETS_NAMESPACE),),
    )
    yield LayerItem(role=f"binding-secrets-{namespace}", stage="access", body=binding)
    store = Metadata(name=STORE, namespace=namespace)
    # after the access stage: the operator tries a store as soon as it is there
    yield LayerItem(
        role=f"vault-{namespace}",
        stage="addons",
        body=SecretStore(metadata=store, spec=SecretStoreSpec(provider=vault.provider)),
    )


def _values() -> dict[str, object]:
    two: dict[str, object] = {"replicaCount": 2, "podDisruptionBudget": {"enabled": True}, "resources": SMALL}
    off = ("ClusterExternalSecret", "ClusterSecretStore", "ClusterGenerator", "ClusterPushSecret", "PushSecret")
    return {
        # a store of the whole cluster would give every namespace the secrets of the others, and nothing is written
        # to the vault
        "crds": {
            **{f"create{kind}": False for kind in off},
            # a release that goes does not take everybody's secrets along
            "annotations": {"helm.sh/resource-policy": "keep"},
        },
        "processClusterExternalSecret": False,
        "processClusterStore": False,
        "processClusterGenerator": False,
        "processClusterPushSecret": False,
        "processPushSecret": False,
        "rbac": {
            # by default it may make tokens of every account in the cluster
            "serviceAccountTokenCreate": False,
            # the rights of people are the platform's own, which a newer chart cannot widen
            "aggregateToView": False,
            "aggregateToEdit": False,
            "aggregateToAdmin": False,
            "servicebindings": {"create": False},
        },
        "openshiftFinalizers": False,
        # of two replicas one works
        "leaderElect": True,
        **two,
        # without its answer the API server refuses every ExternalSecret
        "webhook": two,
        "certController": two,
    }
