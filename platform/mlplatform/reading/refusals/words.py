"""The spec's words for words of clouds and other tools, which no likeness of letters finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # clouds
        "aws": ("amazon", "amazonwebservices", "ec2", "eks", "sagemaker"),
        "gcp": ("google", "googlecloud", "googlecloudplatform", "gce", "gke", "vertex", "vertexai"),
        "azure": ("microsoft", "microsoftazure", "azurenative", "aks", "azureml"),
        # kinds of capacity
        "spot": ("preemptible", "preemptable", "lowpriority", "interruptible"),
        "on-demand": ("standard", "regular", "dedicated", "payasyougo"),
        "flex-start": ("flex", "dws", "dynamicworkloadscheduler", "queuedprovisioning"),
        # servers of models
        "vllm": ("tgi", "textgenerationinference", "sglang", "huggingface", "openai"),
        "triton": ("nvidia", "tensorrt", "onnx", "onnxruntime"),
        "torchserve": ("torch", "pytorch"),
        "tensorflow": ("tf", "tfserving", "tensorflowserving", "keras"),
        "mlflow": ("sklearn", "scikitlearn", "xgboost", "lightgbm"),
        # fields
        "server": ("runtime", "framework", "engine"),
        "accelerator": ("gpu", "gpus", "accelerators", "tpu", "acceleratortype"),
        "max_nodes": ("maxcount", "maxsize", "maxnodecount"),
        "min_nodes": ("mincount", "minsize", "minnodecount"),
        "cloud": ("provider",),
        "region": ("location",),
    }
)
"""Per word of the spec, what people write in its place, in small letters and digits alone."""


def word_for(written: str, accepted: Collection[str]) -> str | None:
    """The accepted word that means what was written; None if none of them is known to mean it.

    Args:
        written: what the spec says.
        accepted: the choices, or the fields, of that place.
    """
    plain = re.sub(r"[^a-z0-9]+", "", written.lower())
    meant = (word for word, others in _WORDS.items() if plain in others or plain == re.sub(r"[^a-z0-9]+", "", word))
    return next((word for word in meant if word in accepted), None)
