"""Model servers: addresses, start commands, and servers that a managed endpoint can run.

A managed online endpoint runs an image's own entry point: only environment variables can be passed to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server

MODEL_DIR = "/mnt/model"
"""Folder of the model in a Container App."""

IDENTITY_VARIABLES = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET")
"""Variables by which a container finds its identity:
https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference"""

AZURE_PREFIXES = ("AZUREML_", "CONTAINER_APP_")
"""Variables that Azure ML and Container Apps set:
https://learn.microsoft.com/azure/container-apps/environment-variables#built-in-environment-variables"""


@record()
class ServerAddress:
    """Port and health path of a server."""

    port: int
    """HTTP port."""

    health_path: str
    """Path that answers when the server is ready."""


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
"""Start commands of the public images; `{model}`, `{port}` and `{concurrency}` are filled in."""

NO_CODE: Mapping[Server, str] = MappingProxyType({"triton": "triton_model", "mlflow": "mlflow_model"})
"""Model types that Azure serves with its own image,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-with-triton,
https://learn.microsoft.com/azure/machine-learning/how-to-deploy-mlflow-models-online-endpoints"""

STARTS_ALONE: frozenset[Server] = frozenset({"triton", "mlflow", "tensorflow", "custom"})
"""Servers that run on a managed endpoint without a custom image; `custom` always has one."""


def model_variables(spec: EndpointSpec) -> tuple[str, ...]:
    """Variables by which the endpoint's containers find the model; another value would serve another model."""
    if spec.sleeps:
        return ("MODEL_DIR",)
    return ("MODEL_BASE_PATH", "MODEL_NAME") if spec.server == "tensorflow" else ()


def server_address(endpoint: EndpointSpec) -> ServerAddress:
    """The address of an endpoint's containers."""
    return SERVER_ADDRESSES.get(endpoint.server) or ServerAddress(endpoint.port, endpoint.health_path)
