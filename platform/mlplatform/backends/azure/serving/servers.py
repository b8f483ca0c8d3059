"""Model servers: what a machine learning endpoint runs by itself, and what a Container App is told to run.

A managed online endpoint starts an image's own entry point: nothing can be passed to it but environment variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server

MODEL_DIR = "/mnt/model"
"""Where a Container App finds the model, and a managed endpoint the folder that holds it."""


@record()
class ServerAddress:
    """Where a server answers."""

    port: int
    """HTTP port."""

    health_path: str
    """What says that it can serve."""


SERVER_ADDRESSES: Mapping[Server, ServerAddress] = MappingProxyType(
    {
        "triton": ServerAddress(8000, "/v2/health/ready"),
        "vllm": ServerAddress(8000, "/health"),
        "torchserve": ServerAddress(8080, "/ping"),
        "tensorflow": ServerAddress(8501, "/v1/models/model"),
        "mlflow": ServerAddress(8080, "/ping"),
    }
)

START_COMMANDS: Mapping[Server, tuple[str, ...]] = MappingProxyType(
    {
        "triton": ("tritonserver", "--model-repository={model}", "--http-port={port}", "--exit-on-error=false"),
        "vllm": ("vllm", "serve", "{model}", "--port", "{port}", "--max-num-seqs", "{concurrency}"),
        "torchserve": (
            *("torchserve", "--start", "--foreground", "--disable-token-auth"),
            # the image's own settings listen on every address
            "--ts-config=/home/model-server/config.properties",
            "--model-store={model}",
            "--models=all",
        ),
        "tensorflow": (
            "tensorflow_model_server",
            "--rest_api_port={port}",
            "--model_name=model",
            "--model_base_path={model}",
        ),
        "mlflow": (
            *("mlflow", "models", "serve", "-m", "{model}", "-h", "0.0.0.0", "-p", "{port}"),
            *("--env-manager", "local"),
        ),
    }
)
"""How a public image is started; `{model}`, `{port}` and `{concurrency}` are filled in."""

NO_CODE: Mapping[Server, str] = MappingProxyType({"triton": "triton_model", "mlflow": "mlflow_model"})
"""Model types that Azure serves with an image of its own,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-with-triton,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-mlflow-models-online-endpoints"""

STARTS_ALONE: frozenset[Server] = frozenset({"triton", "mlflow", "tensorflow", "custom"})
"""Servers that serve a model on a managed endpoint without an image of one's own; `custom` always brings one."""


def server_address(endpoint: EndpointSpec) -> ServerAddress:
    """The address of an endpoint's containers."""
    return SERVER_ADDRESSES.get(endpoint.server) or ServerAddress(endpoint.port, endpoint.health_path)
