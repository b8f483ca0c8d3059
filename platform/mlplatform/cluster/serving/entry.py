"""The public entry of an endpoint: the cloud's load balancer in front of the router, which ends TLS for its name.

A load balancer of connections was chosen over Gateway API: GKE has a controller of its own for that, AWS and Azure each
another one to install, with rights over load balancers, and certificates come in three ways. Here the certificate is a
secret of the cloud's store, read by the router's identity, and each cluster's own controller makes the balancer. The
router checks the same tokens as inside, and sees callers' addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.containers import Container, EnvVar, Mount, Resources
from mlplatform.cluster.objects.network import IngressRule, IpBlock, NetworkPeer, NetworkPort
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.objects.workloads import KubeService, ServicePort, ServiceSpec
from mlplatform.cluster.serving.names import router_labels
from mlplatform.cluster.serving.pieces import NO_WAIT, endpoint_item, endpoint_metadata
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.cluster.serving_facts import ModelAccess, SecretCommands
from mlplatform.components.cluster_names import entry_service
from mlplatform.components.envoy import TYPES, Json, listener
from mlplatform.components.labels import ENTRY_CERTIFICATE_ANNOTATION, ENTRY_HOST_ANNOTATION
from mlplatform.spec.endpoints import EndpointSpec, PublicEntrySpec

ENTRY_PORT = 8443
"""Port of the router's pods for callers from outside."""

MOST_CONNECTIONS = 10_000
"""Connections that a router takes; each costs it some ten KiB."""

_VOLUME = "certificate"
_FOLDER = "/certificate"
_SECRET = "entry"
_RENEW_SECONDS = 3600
"""A certificate that was replaced in the store is served within that time."""

_ANYWHERE = "0.0.0.0/0"


def entry_listener(routes: Sequence[Json], filters: Sequence[Json]) -> Json:
    """The port for callers from outside, with the bounds of a proxy at the edge:
    https://www.envoyproxy.io/docs/envoy/v1.39.1/configuration/best_practices/edge

    Args:
        routes: where requests go.
        filters: what looks at them first, in this order.
    """
    manager: Json = {
        # counted with those of the cluster
        "stat_prefix": "front",
        "use_remote_address": True,
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "request_headers_timeout": "10s",
        "common_http_protocol_options": {"idle_timeout": "3600s", "headers_with_underscores_action": "REJECT_REQUEST"},
        "http2_protocol_options": {
            "max_concurrent_streams": 100,
            "initial_stream_window_size": 65_536,
            "initial_connection_window_size": 1_048_576,
        },
    }
    file: Json = {"path": f"{_FOLDER}/{_SECRET}.json", "watched_directory": {"path": _FOLDER}}
    source: Json = {"path_config_source": file, "resource_api_version": "V3"}
    transport: Json = {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{TYPES}.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": {
                "alpn_protocols": ["h2", "http/1.1"],
                "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                "tls_certificate_sds_secret_configs": [{"name": _SECRET, "sds_config": source}],
            },
        },
    }
    return listener("entry", "0.0.0.0", ENTRY_PORT, routes, filters, manager, transport)


def entry_bounds() -> Json:
    """A bound on all connections of a router together, so that callers from outside cannot use up its memory."""
    return {
        "resource_monitors": [
            {
                "name": "envoy.resource_monitors.global_downstream_max_connections",
                "typed_config": {
                    "@type": f"{TYPES}.extensions.resource_monitors.downstream_connections.v3"
                    ".DownstreamConnectionsConfig",
                    "max_active_downstream_connections": MOST_CONNECTIONS,
                },
            }
        ]
    }


def entry_volume() -> Volume:
    """The memory in which the certificate is."""
    return Volume(name=_VOLUME, empty_dir=EmptyDir(medium="Memory", size_limit="4Mi"))


def entry_mount() -> Mount:
    """Its place in the router and beside it."""
    return Mount(name=_VOLUME, mount_path=_FOLDER)


def entry_containers(entry: PublicEntrySpec, reader: SecretCommands) -> tuple[Container, ...]:
    """What reads the certificate before the router starts, and every hour after that."""
    return tuple(
        Container(
            name=name,
            image=reader.image,
            restart_policy="Always" if again else None,
            command=("/bin/sh", "-c"),
            args=(certificate_script(entry, reader, again=again),),
            # the vendors' programs write their settings there
            env=(EnvVar(name="HOME", value="/tmp"),),
            resources=Resources(requests={"cpu": "20m", "memory": "128Mi"}, limits={"memory": "512Mi"}),
            security_context=LOCKED,
            volume_mounts=(entry_mount(),),
        )
        for name, again in (("certificate", False), ("renewal", True))
    )


def certificate_script(
    entry: PublicEntrySpec, reader: SecretCommands, *, again: bool, folder: str = _FOLDER, seconds: int = _RENEW_SECONDS
) -> str:
    """The shell script of these containers. Envoy reads the certificate anew when the file that names it is replaced.

    Args:
        entry: the entry.
        reader: how the cloud's program reads secrets.
        again: whether it goes on for ever. A read that fails then changes nothing.
        folder: where the files go.
        seconds: time between two reads.
    """
    secret = (
        f'{{"resources":[{{"@type":"{TYPES}.extensions.transport_sockets.tls.v3.Secret","name":"{_SECRET}",'
        '"tls_certificate":{"certificate_chain":{"filename":"%s"},"private_key":{"filename":"%s"}}}]}'
    )
    read = (
        "read_once() {",
        *(f"  {line} || return 1" for line in reader.login),
        # backquotes: Kubernetes reads a dollar sign with a parenthesis as its own variable
        f"  value=`{reader.read.format(secret=quote(entry.certificate))}` || return 1",
        '  case "$value" in',
        '    *"BEGIN CERTIFICATE"*"PRIVATE KEY"*|*"PRIVATE KEY"*"BEGIN CERTIFICATE"*) ;;',
        f'    *) echo "secret {entry.certificate} is no certificate with its key, in PEM" >&2; return 1;;',
        "  esac",
        '  [ "$value" = "$former" ] && return 0',
        f'  file="{folder}/`date +%s`-$$.pem"',
        '  printf "%s\\n" "$value" > "$file" || return 1',
        f'  printf \'{secret}\' "$file" "$file" > {folder}/.next || return 1',
        f"  mv {folder}/.next {folder}/{_SECRET}.json || return 1",
        '  former="$value"',
        "}",
    )
    once = ("read_once",)
    loop = (
        "trap 'exit 0' TERM",
        f"while :; do sleep {seconds} & wait $!; read_once || true; done",
    )
    return "\n".join(("set -u", "umask 077", "former=", *read, *(loop if again else once)))


def entry_items(endpoint: EndpointSpec, access: ModelAccess) -> Iterator[LayerItem]:
    """The load balancer; nothing for a private endpoint."""
    entry = endpoint.open_entry
    if entry is None:
        return
    annotations: Mapping[str, str] = {
        ENTRY_HOST_ANNOTATION: entry.host,
        ENTRY_CERTIFICATE_ANNOTATION: entry.certificate,
        **(access.entry or {}),
    }
    spec = ServiceSpec(
        selector=router_labels(endpoint),
        ports=(ServicePort(port=443, target_port=ENTRY_PORT, name="https"),),
        type="LoadBalancer",
        load_balancer_source_ranges=tuple(map(str, entry.cidrs)) or None,
        # the router, and the network policy, see the caller's address
        external_traffic_policy="Local",
    )
    metadata = endpoint_metadata(endpoint, entry_service(endpoint), {**NO_WAIT, **annotations})
    yield endpoint_item("access", "entry", endpoint.name, KubeService(metadata=metadata, spec=spec))


def entry_ingress(endpoint: EndpointSpec) -> tuple[IngressRule, ...]:
    """Who reaches the router from outside."""
    if endpoint.open_entry is None:
        return ()
    ranges = tuple(map(str, endpoint.open_entry.cidrs)) or (_ANYWHERE,)
    peers = tuple(NetworkPeer(ip_block=IpBlock(cidr=each)) for each in ranges)
    return (IngressRule(from_=peers, ports=(NetworkPort(port=ENTRY_PORT),)),)
