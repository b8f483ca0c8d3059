"""What an endpoint on the training cluster has in the cloud: an identity for its pods. The layer has the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_names import account_name, endpoint_host, entry_service, router_account
from mlplatform.components.cluster_rollouts import is_rolled_out
from mlplatform.components.contract import contract
from mlplatform.components.endpoint import EndpointPhase, awaiting_field
from mlplatform.components.envoy_capture import capture_folder
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.identity import BuildsPodIdentity, Identity
from mlplatform.components.releases import apply_releases
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@record(kw_only=True)
class EndpointWatch:
    """What watches an endpoint on the cluster."""

    dashboard_url: pulumi.Output[str] | None = None
    """Its dashboard; None where there is none."""


@contract("serving.on_cluster")
class WatchesEndpoint(Protocol):
    """Makes the alerts and the dashboard of an endpoint on the cluster, from the metrics of its routers."""

    def __call__(self, scope: Scope, spec: EndpointSpec, cluster: Cluster, /) -> EndpointWatch: ...


@contract("serving.pod_secrets")
class GrantsSecrets(Protocol):
    """Lets the pods of an endpoint read some of its secrets, and no others, once it is released.

    Args:
        spec: the endpoint, with what is released.
        identity: of the pods.
        secrets: names of the secrets.
        path: the field that names them.
    """

    def __call__(
        self, scope: Scope, spec: EndpointSpec, identity: Identity, secrets: Sequence[str], path: str, /
    ) -> None: ...


class PodIdentity(Identity):
    """An identity of the pods of one service account, without keys or passwords."""

    def __init__(
        self, name: str, namespace: str, account: str, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the identity.

        Args:
            name: logical name.
            namespace: namespace of the account.
            account: the account.
            context: the platform it belongs to.
            opts: the usual options.
        """
        Component.__init__(self, name, context, opts)
        self.purpose = "serving"
        self.made = True
        self.parts = context.backend.load(BuildsPodIdentity)(self.scope, namespace, account, context.foundation)
        self.principal = self.parts.principal
        self.register_outputs({"principal": self.principal})


class ClusterEndpoint(Component):
    """An online prediction service whose replicas the training cluster runs."""

    capability = "endpoints"

    def __init__(
        self,
        name: str,
        spec: EndpointSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        cluster: Cluster,
        features: FeatureStore | None = None,
    ) -> None:
        """Make the identity with which its pods read the models that the record of releases names.

        Args:
            name: logical name.
            spec: the endpoint, with `on` the cluster.
            context: the platform it belongs to.
            opts: the usual options.
            store: the store of the models.
            cluster: the cluster that runs it.
            features: the feature store that its servers look up. Omitted: they look nothing up.

        Raises:
            ValueError: the cloud's service runs it.
        """
        if spec.on == "managed":
            raise ValueError(f"endpoints[{spec.name}].on: the cloud's service runs it: make an Endpoint")
        super().__init__(name, context, opts)
        applied = apply_releases(context.wanted, spec, context.backend)
        self.spec = applied.spec
        account = account_name(spec)
        self.identity = PodIdentity(
            f"{name}-pods", SERVING_NAMESPACE, account, context, pulumi.ResourceOptions(parent=self)
        )
        store.grant_read(self.identity, "models")
        if features:
            features.grant_endpoint(self.identity, spec.name)
        if spec.secrets:
            names = sorted(set(spec.secrets.values()))
            context.backend.load(GrantsSecrets)(self.scope, self.spec, self.identity, names, "secrets")
        cluster.bind(self.identity, SERVING_NAMESPACE, account)
        self.router = self._router(name, store, cluster)
        self.phase: EndpointPhase = "awaiting-model" if self.spec.awaits_model else "serving"
        watched = context.spec.monitoring.prometheus and self.phase == "serving"
        self.watch = context.backend.load(WatchesEndpoint)(self.scope, self.spec, cluster) if watched else None
        path = f"endpoints[{spec.name}]"
        for awaiting in applied.awaiting:
            self.scope.note(f"{path}.{awaiting_field(spec, awaiting.variant)}", str(awaiting))
        self.scope.note(
            f"{path}.on",
            f"the replicas start with the stack of what is inside the cluster; jobs of the cluster call "
            f"{self.endpoint_url} with a token of their service account for the audience {endpoint_host(spec)}; "
            f"{self._watched()}; its requests are not encrypted on their way through the cluster's network",
        )
        self.endpoint_name = pulumi.Output.from_input(spec.name)
        self.url = pulumi.Output.from_input(self.endpoint_url)
        self.register_outputs({"name": self.endpoint_name, "url": self.url, "phase": self.phase})

    def _router(self, name: str, store: ArtifactStore, cluster: Cluster) -> PodIdentity | None:
        """The identity of the router, where it captures or has a certificate."""
        account, context, entry = router_account(self.spec), self.scope.context, self.spec.open_entry
        if account is None:
            return None
        kind = "capture" if self.spec.capture_percent else "entry"
        router = PodIdentity(f"{name}-{kind}", SERVING_NAMESPACE, account, context, pulumi.ResourceOptions(parent=self))
        if self.spec.capture_percent:
            store.grant_folder(router, "monitoring", capture_folder(self.spec))
        if entry:
            path = "entry.certificate"
            context.backend.load(GrantsSecrets)(self.scope, self.spec, router, [entry.certificate], path)
            service = entry_service(self.spec)
            self.scope.note(
                f"endpoints[{self.spec.name}].entry.host",
                f"once the stack of what is inside the cluster is up, point {entry.host} to the load balancer that "
                f"`kubectl --namespace {SERVING_NAMESPACE} get service {service}` shows: with an alias or CNAME where "
                "that is a name, else with an A record; callers from outside need a token of a service account for the "
                f"audience {entry.host}, and {'any address' if not entry.cidrs else ', '.join(map(str, entry.cidrs))} "
                "may connect",
            )
        cluster.bind(router, SERVING_NAMESPACE, account)
        return router

    def _watched(self) -> str:
        if self.watch and is_rolled_out(self.spec):
            return "alerts read the metrics of its routers, and a new model whose answers fail is taken back"
        if self.watch:
            return "alerts read the metrics of its routers, and nothing takes a model back by itself"
        if self.scope.spec.monitoring.prometheus:
            return "alerts are made with its first model"
        return "no alert watches it, for monitoring.prometheus is false"

    @property
    def endpoint_url(self) -> str:
        """Its address inside the cluster."""
        return f"http://{endpoint_host(self.spec)}"
