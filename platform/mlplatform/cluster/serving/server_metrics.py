"""What a language model's server counts, led out of its pod.

vLLM shows its metrics at the port that takes prompts, which the router alone may reach: callers prove themselves there.
So a small Envoy beside it leads out the one path of the metrics, and nothing else.
"""

from __future__ import annotations

from mlplatform.cluster.objects.containers import Container, ContainerPort, Resources
from mlplatform.cluster.serving.router_metrics import METRICS_PORT, METRICS_PORT_NAME
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.components.envoy import ENVOY, Json, dump, listener, router_filter, upstream
from mlplatform.spec.endpoints import EndpointSpec

SERVER_METRICS_PATH = "/metrics"
"""Path of the metrics, at the server and outside."""

_SERVER = "server"


def metrics_container(endpoint: EndpointSpec) -> Container:
    """The Envoy beside the server.

    Args:
        endpoint: the endpoint.
    """
    return Container(
        name="metrics",
        image=ENVOY,
        command=("envoy",),
        args=("--config-yaml", dump(metrics_config(endpoint.port)), "--concurrency", "1"),
        ports=(ContainerPort(name=METRICS_PORT_NAME, container_port=METRICS_PORT),),
        resources=Resources(requests={"cpu": "10m", "memory": "48Mi"}, limits={"memory": "128Mi"}),
        security_context=LOCKED,
    )


def metrics_config(port: int) -> Json:
    """Envoy's configuration: one path, of the server in the same pod.

    Args:
        port: of the server.
    """
    route: Json = {"match": {"path": SERVER_METRICS_PATH}, "route": {"cluster": _SERVER, "timeout": "10s"}}
    return {
        "static_resources": {
            "listeners": [listener("metrics", "0.0.0.0", METRICS_PORT, [route], [router_filter()])],
            "clusters": [upstream(_SERVER, "STATIC", "127.0.0.1", port)],
        }
    }
