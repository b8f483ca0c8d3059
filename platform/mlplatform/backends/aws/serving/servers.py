"""Model servers on SageMaker: AWS's own containers, which answer `/ping` and `/invocations` on 8080."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.cuda import CudaCode
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, Server

PORT = 8080
"""The port on which SageMaker calls a container,
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"""
HEALTH_PATH = "/ping"
"""The path on which SageMaker checks a container's health."""
_VLLM_MODEL = "HF_MODEL_ID"
MODEL_VARIABLES = (_VLLM_MODEL,)
"""Variables by which AWS's containers find the model; another value would serve another model."""
HOST_IMAGES = {
    # driver 580, which the containers below (CUDA 13) need
    "nvidia": "al2023-ami-sagemaker-inference-gpu-4-1",
    "aws": "al2-ami-sagemaker-inference-neuron-2",
}
"""Host image by the accelerator's vendor,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"""

_ACCOUNT = "763104351884"
# https://aws.github.io/deep-learning-containers/reference/available_images/ (regions with a registry account of their own)  # noqa: E501
_ACCOUNTS = {
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-east-2": "975050140332",
    "ap-northeast-3": "364406365360",
    "ap-south-2": "772153158452",
    "ap-southeast-3": "907027046896",
    "ap-southeast-4": "457447274322",
    "ap-southeast-5": "550225433462",
    "ap-southeast-6": "633930458069",
    "ap-southeast-7": "590183813437",
    "ca-west-1": "204538143572",
    "cn-north-1": "727897471807",
    "cn-northwest-1": "727897471807",
    "eu-central-2": "380420809688",
    "eu-south-1": "692866216735",
    "eu-south-2": "503227376785",
    "il-central-1": "780543022126",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
    "mx-central-1": "637423239942",
    "us-gov-east-1": "446045086412",
    "us-gov-west-1": "442386744353",
}


@record()
class AwsContainer:
    """One of AWS's deep learning containers."""

    repository: str
    """Repository in AWS's registry."""

    cpu: str | None
    """Tag for machines without accelerator; None if it needs one."""

    gpu: str
    """Tag for machines with GPUs."""

    concurrency_variable: str | None = None
    """Environment variable that limits its concurrent requests; None if it has none."""


_CONTAINERS: dict[Server, AwsContainer] = {
    "triton": AwsContainer("sagemaker-tritonserver", "26.05-py3-cpu", "26.05-py3"),
    "vllm": AwsContainer("djl-inference", None, "0.36.0-lmi27.0.0-cu130", "OPTION_MAX_ROLLING_BATCH_SIZE"),
    "torchserve": AwsContainer("pytorch-inference", "2.6.0-cpu-py312", "2.6.0-gpu-py312"),
    "tensorflow": AwsContainer("tensorflow-inference", "2.19.0-cpu", "2.19.0-gpu"),
}
"""By server. AWS publishes none for MLflow."""


CUDA_CODE: Mapping[Server, CudaCode] = MappingProxyType(
    {
        "triton": CudaCode((7, 5), None, "https://docs.nvidia.com/deeplearning/triton-inference-server/release-notes/"),
        "vllm": CudaCode((7, 5), None, "https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/"),
        # PyTorch for CUDA 12.4
        "torchserve": CudaCode((5, 0), (9, 0), "https://github.com/pytorch/pytorch/blob/main/RELEASE.md"),
    }
)
"""GPUs of the images above, where their publishers say so. TensorFlow's translates its code for newer GPUs."""


def image_address(endpoint: EndpointSpec, target: AwsTarget, variant_image: str | None) -> str:
    """Address of a variant's image: its own, the endpoint's, or AWS's container for the server.

    Raises:
        LookupError: there is no such container, which validation reports first.
    """
    if variant_image or endpoint.image:
        return variant_image or endpoint.image or ""
    container = _CONTAINERS.get(endpoint.server)
    tag = None if container is None else container.gpu if endpoint.accelerator else container.cpu
    if container is None or tag is None:
        raise LookupError(f"AWS has no {endpoint.server} container for this endpoint: set its image")
    return f"{_account(target)}.dkr.ecr.{target.region}.{target.dns_suffix}/{container.repository}:{tag}"


def vendor_repository(endpoint: EndpointSpec, target: AwsTarget) -> str | None:
    """ARN of the repository of AWS's container for the server; None if the endpoint names its image."""
    container = _CONTAINERS.get(endpoint.server)
    if container is None or endpoint.image:
        return None
    return f"arn:{target.partition}:ecr:{target.region}:{_account(target)}:repository/{container.repository}"


def _account(target: AwsTarget) -> str:
    return _ACCOUNTS.get(target.region, _ACCOUNT)


def container_environment(endpoint: EndpointSpec, target: AwsTarget) -> dict[str, str]:
    """Environment of the container. Secrets are passed as ARNs, which the container resolves with its own role."""
    values = dict(endpoint.env)
    values |= {name: secret_arn(target, secret) for name, secret in endpoint.secrets.items()}
    container = None if endpoint.image else _CONTAINERS.get(endpoint.server)
    if container and container.concurrency_variable:
        values.setdefault(container.concurrency_variable, str(endpoint.max_concurrency))
    if container and endpoint.server == "torchserve":
        values.setdefault("TS_DEFAULT_RESPONSE_TIMEOUT", str(endpoint.timeout_seconds))
    if container and endpoint.server == "vllm":
        values[_VLLM_MODEL] = "/opt/ml/model"
    return values


def secret_arn(target: AwsTarget, name: str) -> str:
    """ARN of a secret, without the random suffix of its full ARN: Secrets Manager accepts both."""
    return target.arn("secretsmanager", f"secret:{name}")
