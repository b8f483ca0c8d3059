"""Model servers as containers of Vertex AI. Imports no SDK.

Nothing is mounted there: a server reads its model from Cloud Storage, with the account of its replicas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server

PREDICT_PATH = "/invocations"
"""HTTP path of requests, as on SageMaker: vLLM finds there what a request asks for, and a server of the user's own
answers there."""


@record()
class VertexContainer:
    """The container of a model server."""

    health_path: str
    """HTTP path that answers 200 once the model is loaded."""

    predict_path: str = PREDICT_PATH
    """HTTP path of requests."""

    command: tuple[str, ...] = ()
    """Replaces the image's entry point; empty: the image's own."""

    args: tuple[str, ...] = ()
    """Arguments of the container."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables that the server needs; those of the spec override them."""


def vertex_container(endpoint: EndpointSpec, model: str, accelerators: int) -> VertexContainer:
    """The container that serves one variant of an endpoint.

    Args:
        endpoint: the endpoint.
        model: address of the model's folder, `gs://…`; empty where the image contains it.
        accelerators: accelerators of a replica.
    """
    return STARTS[endpoint.server](endpoint, model, accelerators)


def _vllm(endpoint: EndpointSpec, model: str, accelerators: int) -> VertexContainer:
    args = (
        model,
        f"--port={endpoint.port}",
        f"--served-model-name={endpoint.name}",
        f"--max-num-seqs={endpoint.max_concurrency}",
        f"--tensor-parallel-size={accelerators}",
        # reads the weights from the bucket into the GPUs: https://docs.vllm.ai/en/stable/models/extensions/runai_model_streamer/
        "--load-format=runai_streamer",
    )
    return VertexContainer("/health", command=("vllm", "serve"), args=args)


def _triton(endpoint: EndpointSpec, model: str, accelerators: int) -> VertexContainer:
    del accelerators
    args = (
        "tritonserver",
        f"--model-repository={model}",
        # its own front for Vertex AI, with the paths of AIP_PREDICT_ROUTE and AIP_HEALTH_ROUTE
        "--allow-vertex-ai=true",
        f"--vertex-ai-port={endpoint.port}",
        "--allow-http=false",
        "--allow-grpc=false",
        "--allow-metrics=false",
    )
    return VertexContainer("/health", args=args)


def _custom(endpoint: EndpointSpec, model: str, accelerators: int) -> VertexContainer:
    del accelerators
    return VertexContainer(endpoint.health_path, environment={"MODEL_PATH": model} if model else {})


STARTS: Mapping[Server, Callable[[EndpointSpec, str, int], VertexContainer]] = {
    "triton": _triton,
    "vllm": _vllm,
    "custom": _custom,
}
"""Servers that read a model from Cloud Storage by themselves; the images of the others read folders only."""
