"""JupyterHub: notebooks as pods in the namespace of jobs, with its identity, its queue and its quota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform import discovery
from mlplatform.cluster.addon_facts import SupportsAddOns
from mlplatform.cluster.facts import AnyNodes, CpuPoolNodes, LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    IpBlock,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, pods_of
from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, TRAINING_ACCOUNT
from mlplatform.cluster.parts.engines import SMALL
from mlplatform.cluster.parts.pods import resources
from mlplatform.cluster.parts.walls import port_forward, walled, way_to_tracking
from mlplatform.cluster.pod_facts import WiresPods
from mlplatform.cluster.tracking.client import client_env, client_mount, client_volume
from mlplatform.cluster.wiring import tolerations_of
from mlplatform.components.labels import NOTEBOOK_LABEL, POOL_LABEL
from mlplatform.spec.notebooks import LOCAL, LoginSpec, NotebooksSpec

NOTEBOOKS_NAMESPACE = "notebooks"
LOGIN_SECRET = "login"
"""Secret with the application's own, which people make: key `client-secret`."""

_NO_METADATA = {"cloudMetadataServer": False}
"""The chart opens the cloud's metadata to hub and proxy: the identity of the node, which neither needs."""

_HUB, _SERVER, _DNS, _HTTPS = 8081, 8888, 53, 443


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """The hub, its rights in the namespace of its servers, and what these reach; where the spec asks for notebooks."""
    spec = layer.spec.cluster.notebooks if layer.spec.cluster else None
    if spec is None:
        return
    servers = f"team-{spec.team}" if spec.team else layer.spec.access.training_namespace
    yield from walled(NOTEBOOKS_NAMESPACE)
    if spec.team is None:
        yield from where_servers_run(layer, servers)
    yield from port_forward(layer, NOTEBOOKS_NAMESPACE, team=spec.team)
    yield LayerItem(
        role="release-jupyterhub",
        stage="addons",
        body=ChartRelease(chart="jupyterhub", namespace=NOTEBOOKS_NAMESPACE, values=_values(layer, spec, servers)),
    )


def where_servers_run(layer: LayerContext, namespace: str) -> Iterator[LayerItem]:
    """What a namespace of jobs has so that the hub may make servers there: its rights, and what they reach."""
    yield from _rights(namespace)
    yield LayerItem(role="network-notebooks", stage="queues", body=_network(layer, namespace))


def _values(layer: LayerContext, spec: NotebooksSpec, servers: str) -> dict[str, object]:
    to_servers = [{"to": [_peer(servers, {NOTEBOOK_LABEL: "true"})], "ports": [{"port": _SERVER}]}]
    from_servers = [{"from": [_peer(servers, {NOTEBOOK_LABEL: "true"})], "ports": [{"port": _HUB}]}]
    return {
        "hub": {
            "config": {
                "JupyterHub": {
                    "authenticator_class": "generic-oauth",
                    "admin_access": False,
                    # by its namespace too: servers are in another one
                    "hub_connect_url": f"http://hub.{NOTEBOOKS_NAMESPACE}:{_HUB}",
                },
                "GenericOAuthenticator": _login(spec.login, spec.address),
                "KubeSpawner": {"namespace": servers},
            },
            "extraEnv": {
                "OAUTH_CLIENT_SECRET": {
                    "valueFrom": {
                        # optional, since people make it in the namespace that this stack makes
                        "secretKeyRef": {"name": LOGIN_SECRET, "key": "client-secret", "optional": True}
                    }
                }
            },
            "db": {"pvc": {"storage": "10Gi"}},
            "networkPolicy": {"ingress": from_servers, "egress": to_servers, "egressAllowRules": _NO_METADATA},
            "resources": SMALL,
        },
        "proxy": {
            "service": {"type": "ClusterIP"},
            "chp": {
                "networkPolicy": {
                    # with a forwarded port nobody else needs a way to it; an ingress of their own does
                    "allowedIngressPorts": [] if spec.address == LOCAL else ["http"],
                    "egress": to_servers,
                    "egressAllowRules": _NO_METADATA,
                },
                "resources": SMALL,
            },
        },
        "singleuser": _servers(layer, spec),
        # Kueue and the cloud's autoscaler place the servers, and none waits in advance
        "scheduling": {
            "userScheduler": {"enabled": False},
            "userPlaceholder": {"enabled": False},
            "userPods": {"nodeAffinity": {"matchNodePurpose": "ignore"}},
        },
        # they would pull images of gigabytes to every node, and hold the release up until all have them
        "prePuller": {"hook": {"enabled": False}, "continuous": {"enabled": False}},
        "cull": {
            "enabled": True,
            "timeout": spec.idle_minutes * 60,
            "every": 300,
            "maxAge": spec.max_hours * 3600,
        },
    }


def _login(login: LoginSpec, address: str) -> dict[str, object]:
    groups: dict[str, object] = {
        "manage_groups": True,
        "auth_state_groups_key": f"oauth_user.{login.groups_claim}",
        "allowed_groups": list(login.groups),
    }
    return {
        "client_id": login.client_id,
        "oauth_callback_url": f"{address}/hub/oauth_callback",
        "authorize_url": login.authorize_url,
        "token_url": login.token_url,
        # the token itself has the claims: no further address to ask
        "userdata_from_id_token": True,
        "username_claim": login.name_claim,
        "scope": list(login.scopes),
        "allow_all": False,
        # JupyterHub's names are in lower case
        "allowed_users": [person.lower() for person in login.people],
        **(groups if login.groups else {}),
    }


def _servers(layer: LayerContext, spec: NotebooksSpec) -> dict[str, object]:
    facts = discovery.backend(layer.spec.targets[0].cloud).load(SupportsAddOns)(layer.spec)
    minutes = layer.spec.cluster.pods_ready_minutes if layer.spec.cluster else 0
    name, _, tag = (spec.image or "").partition("@")[0].rpartition(":")
    digest = (spec.image or "").partition("@")[2]
    image = {"image": {"name": name, "tag": f"{tag}@{digest}" if digest else tag}} if spec.image else {}
    pools = {nodes.pool.name: nodes for nodes in layer.all_pools}
    volumes: list[Wire] = [{"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "2Gi"}}]
    mounts: list[Wire] = [{"name": "shm", "mountPath": "/dev/shm"}]
    env: dict[str, object] = {}
    if layer.spec.cluster_tracking:
        volumes.append(wire_value(client_volume()))
        mounts.append(wire_value(client_mount()))
        env["extraEnv"] = client_env()
    return {
        **image,
        **env,
        "serviceAccountName": TRAINING_ACCOUNT,
        "extraLabels": {NOTEBOOK_LABEL: "true", **facts.labels},
        "extraAnnotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
        # a privileged container would shut the address from which GKE's pods get their identity; the policy holds it
        "cloudMetadata": {"blockWithIptables": False},
        "networkPolicy": {"enabled": False},
        # a node, its image and a place in the queue
        "startTimeout": minutes * 60,
        "storage": {
            "capacity": f"{spec.home_gib}Gi",
            "extraVolumes": volumes,
            "extraVolumeMounts": mounts,
        },
        "profileList": [
            _profile(layer, spec, pools[pool], first=pool == spec.pools[0]) for pool in spec.pools if pool in pools
        ],
    }


def _profile(layer: LayerContext, spec: NotebooksSpec, nodes: AnyNodes, *, first: bool) -> dict[str, object]:
    """A choice of pool: its nodes, their taints, and a part of one."""
    wiring = discovery.backend(layer.spec.targets[0].cloud).load(WiresPods)(layer.spec, nodes)
    size: dict[str, object]
    if isinstance(nodes, CpuPoolNodes):
        size = {
            "cpu_guarantee": spec.vcpus,
            "mem_guarantee": f"{spec.memory_gib}G",
            "mem_limit": f"{spec.memory_gib}G",
        }
        words = f"{spec.vcpus:g} CPUs, {spec.memory_gib} GiB"
    else:
        asked = resources(nodes, wiring, 1).requests or {}
        memory = asked["memory"].removesuffix("i")
        device = {nodes.resource: "1"}
        size = {
            "cpu_guarantee": int(asked["cpu"].removesuffix("m")) / 1000,
            "mem_guarantee": memory,
            "mem_limit": memory,
            "extra_resource_limits": device,
            "extra_resource_guarantees": device,
        }
        shared = "a part of " if nodes.pool.sharing else ""
        words = f"{shared}one {nodes.machine.accelerator.model.name}"
    return {
        "display_name": f"{nodes.pool.name}: {words}",
        "slug": nodes.pool.name,
        "default": first,
        "kubespawner_override": {
            **size,
            "node_selector": {POOL_LABEL: nodes.pool.name, **(wiring.selector or {})},
            "tolerations": [
                {"key": each.key, "operator": each.operator, "value": each.value, "effect": each.effect}
                for each in tolerations_of(nodes.taints)
            ],
        },
    }


def _rights(servers: str) -> Iterator[LayerItem]:
    """The hub makes and ends servers and their homes in the namespace of jobs, and reads no secret there."""
    metadata = Metadata(name=NOTEBOOKS_NAMESPACE, namespace=servers)
    rules = (
        PolicyRule(
            api_groups=("",),
            resources=("pods", "persistentvolumeclaims"),
            verbs=("get", "list", "watch", "create", "delete"),
        ),
        PolicyRule(api_groups=("",), resources=("events",), verbs=("get", "list", "watch")),
    )
    yield LayerItem(role="role-notebooks", stage="access", body=Role(metadata=metadata, rules=rules))
    binding = RoleBinding(
        metadata=metadata,
        role_ref=RoleRef(name=NOTEBOOKS_NAMESPACE, kind="Role"),
        subjects=(pods_of("hub", NOTEBOOKS_NAMESPACE),),
    )
    yield LayerItem(role="binding-notebooks", stage="access", body=binding)


def _network(layer: LayerContext, servers: str) -> NetworkPolicy:
    """The hub reaches the servers. They reach it, the pods of their namespace, names, everything by HTTPS, and where
    their identity's credentials are: not the cloud's metadata, which would give them that of the node."""
    facts = discovery.backend(layer.spec.targets[0].cloud).load(SupportsAddOns)(layer.spec)
    hub = NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: NOTEBOOKS_NAMESPACE}))
    own = NetworkPeer(pod_selector=LabelSelector())
    names = (NetworkPort(port=_DNS, protocol="UDP"), NetworkPort(port=_DNS))
    return NetworkPolicy(
        metadata=Metadata(name=NOTEBOOKS_NAMESPACE, namespace=servers),
        spec=NetworkPolicySpec(
            pod_selector=LabelSelector(match_labels={NOTEBOOK_LABEL: "true"}),
            policy_types=("Ingress", "Egress"),
            ingress=(IngressRule(from_=(hub,), ports=(NetworkPort(port=_SERVER),)),),
            egress=(
                EgressRule(to=(hub,), ports=(NetworkPort(port=_HUB),)),
                EgressRule(to=(own,)),
                EgressRule(ports=(*names, NetworkPort(port=_HTTPS))),
                *((way_to_tracking(),) if layer.spec.cluster_tracking else ()),
                *(
                    EgressRule(
                        to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),)
                    )
                    for address, port in facts.identity_servers
                ),
            ),
        ),
    )


def _peer(namespace: str, labels: Mapping[str, str]) -> dict[str, object]:
    return {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: namespace}},
        "podSelector": {"matchLabels": dict(labels)},
    }
