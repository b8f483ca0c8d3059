"""Model servers as containers: image, start command, and health path.

Every server reads its model below `MOUNT`, in the layout that the server itself defines: a Triton model
repository, a Hugging Face folder (vLLM), `.mar` archives (TorchServe), a SavedModel, an MLflow model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from types import MappingProxyType

from mlplatform.components.cuda import CudaCode
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server

MOUNT = "/mnt/model"
"""Path of the model's files; `custom` servers read this path from `MODEL_PATH`."""

MODEL_VARIABLE = "MODEL_PATH"
"""Variable with which a `custom` server is told `MOUNT`."""

_MANAGEMENT, _METRICS = INTERNAL_PORTS = (18081, 18082)
"""Ports that a server uses only inside its container."""


@record()
class ServerContainer:
    """The container of a model server."""

    image: str
    """Image as its publisher names it."""

    health_path: str
    """HTTP path that answers 200 once the model is loaded."""

    command: tuple[str, ...] = ()
    """Replaces the image's entry point; empty: the image's own."""

    args: tuple[str, ...] = ()
    """Arguments of the container."""

    mount: str = MOUNT
    """Path at which the model's files are mounted."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables that the server needs; those of the spec override them."""


# Cloud Run's L4 driver runs CUDA 12: newer images of Triton and vLLM ask for 13. The drivers of all pools run both,
# https://docs.cloud.google.com/run/docs/configuring/services/gpu
IMAGES: dict[Server, tuple[str | None, str]] = {
    "triton": ("nvcr.io/nvidia/tritonserver:25.06-py3", "nvcr.io/nvidia/tritonserver:25.06-py3"),
    "vllm": (None, "vllm/vllm-openai:v0.28.0-cu129"),
    "torchserve": ("pytorch/torchserve:0.12.0-cpu", "pytorch/torchserve:0.12.0-gpu"),
    "tensorflow": ("tensorflow/serving:2.19.1", "tensorflow/serving:2.19.1-gpu"),
    "mlflow": ("ghcr.io/mlflow/mlflow:v3.15.1", "ghcr.io/mlflow/mlflow:v3.15.1"),
}
"""The server's public image without and with a GPU, by exact version; None if it needs a GPU."""


CUDA_CODE: Mapping[Server, CudaCode] = MappingProxyType(
    {
        "triton": CudaCode((7, 5), None, "https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/"),
        "vllm": CudaCode((7, 0), None, "https://docs.vllm.ai/en/stable/getting_started/installation/gpu/"),
        # PyTorch for CUDA 12.1
        "torchserve": CudaCode((5, 0), (9, 0), "https://github.com/pytorch/pytorch/blob/main/RELEASE.md"),
    }
)
"""GPUs of the images above, where their publishers say so. TensorFlow's translates its code for newer GPUs."""


def public_image(endpoint: EndpointSpec) -> str | None:
    """The server's public image for an endpoint; None if there is none, which validation refuses."""
    images = IMAGES.get(endpoint.server)
    return None if images is None else images[1] if endpoint.accelerator else images[0]


def server_image(endpoint: EndpointSpec, own: str | None) -> str:
    """A variant's image: its own, the endpoint's, or the server's public one.

    Raises:
        LookupError: there is none; validation refuses that first.
    """
    image = own or endpoint.image or public_image(endpoint)
    if image is None:
        raise LookupError(f"no public {endpoint.server} image fits endpoint '{endpoint.name}': set its image")
    return image


def server_container(endpoint: EndpointSpec, own: str | None, gpus: int = 1) -> ServerContainer:
    """The container that serves one variant of an endpoint.

    Args:
        endpoint: the endpoint.
        own: the variant's own image. None: the endpoint's, or the server's public one.
        gpus: GPUs of one replica. Omitted: one, or none.
    """
    container = _STARTS[endpoint.server](endpoint, server_image(endpoint, own))
    if endpoint.server == "vllm" and gpus > 1:
        # without it vLLM puts the whole model on the first GPU
        return replace(container, args=(*container.args, f"--tensor-parallel-size={gpus}"))
    return container


def group_container(container: ServerContainer, nodes: int, *, leader: bool) -> ServerContainer:
    """vLLM's container on one of the nodes of a replica: https://docs.vllm.ai/en/stable/serving/parallelism_scaling/

    The controller of LeaderWorkerSets tells each pod its number and the leader's address.

    Args:
        container: the container of a replica on one node.
        nodes: nodes of the replica.
        leader: whether it answers requests.
    """
    args = (
        f"--pipeline-parallel-size={nodes}",
        f"--nnodes={nodes}",
        "--node-rank=$(LWS_WORKER_INDEX)",
        "--master-addr=$(LWS_LEADER_ADDRESS)",
        # since 0.18 vLLM does not bring Ray: https://docs.gpustack.ai/2.2/tutorials/running-distributed-vllm-with-multiprocessing/
        "--distributed-executor-backend=mp",
        *(() if leader else ("--headless",)),
    )
    return replace(container, args=(*container.args, *args))


def _triton(endpoint: EndpointSpec, image: str) -> ServerContainer:
    args = (
        "tritonserver",
        f"--model-repository={MOUNT}",
        f"--http-port={endpoint.port}",
        "--allow-grpc=false",
        "--allow-metrics=false",
    )
    return ServerContainer(image, "/v2/health/ready", args=args)


def _vllm(endpoint: EndpointSpec, image: str) -> ServerContainer:
    args = (
        MOUNT,
        f"--port={endpoint.port}",
        f"--served-model-name={endpoint.name}",
        f"--max-num-seqs={endpoint.max_concurrency}",
        # the monitor reads of each answer what was in the cache (`vllm/entrypoints/launchers/cli_args.py`, 2026-11)
        *(("--enable-prompt-tokens-details",) if endpoint.monitor else ()),
    )
    return ServerContainer(image, "/health", command=("vllm", "serve"), args=args)


def _torchserve(endpoint: EndpointSpec, image: str) -> ServerContainer:
    settings = (
        f"inference_address=http://0.0.0.0:{endpoint.port}",
        # only inference is reachable from outside the container
        f"management_address=http://127.0.0.1:{_MANAGEMENT}",
        f"metrics_address=http://127.0.0.1:{_METRICS}",
        f"model_store={MOUNT}",
        "load_models=all",
        "disable_token_authorization=true",
        f"default_response_timeout={endpoint.timeout_seconds}",
    )
    lines = "\\n".join(settings)
    serve = "exec torchserve --start --foreground --ts-config /tmp/ts.properties"
    start = f"printf '{lines}\\n' > /tmp/ts.properties && {serve}"
    return ServerContainer(image, "/ping", command=("/bin/sh", "-c"), args=(start,))


def _tensorflow(endpoint: EndpointSpec, image: str) -> ServerContainer:
    args = (
        "--port=0",
        f"--rest_api_port={endpoint.port}",
        f"--rest_api_timeout_in_ms={endpoint.timeout_seconds * 1000}",
        f"--model_name={endpoint.name}",
        f"--model_base_path={MOUNT}",
    )
    # TensorFlow Serving serves the highest version below its base path: the model is mounted as version 1
    return ServerContainer(
        image,
        f"/v1/models/{endpoint.name}",
        command=("tensorflow_model_server",),
        args=args,
        mount=f"{MOUNT}/1",
    )


def _mlflow(endpoint: EndpointSpec, image: str) -> ServerContainer:
    args = ("models", "serve", "-m", MOUNT, "-h", "0.0.0.0", "-p", str(endpoint.port), "--env-manager", "local")
    return ServerContainer(image, "/ping", command=("mlflow",), args=args)


def _custom(endpoint: EndpointSpec, image: str) -> ServerContainer:
    return ServerContainer(image, endpoint.health_path, environment={MODEL_VARIABLE: MOUNT})


_STARTS: dict[Server, Callable[[EndpointSpec, str], ServerContainer]] = {
    "triton": _triton,
    "vllm": _vllm,
    "torchserve": _torchserve,
    "tensorflow": _tensorflow,
    "mlflow": _mlflow,
    "custom": _custom,
}
