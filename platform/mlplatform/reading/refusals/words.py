"""The spec's words for words of clouds and other tools, which no likeness of letters finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

_MACHINES = ("machinetype", "machine", "vmsize", "nodetype", "nodesize", "sku")
"""What clouds call a type of machine, which the platform chooses."""
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
        "accelerator": ("gpu", "gpus", "accelerators", "tpu", "acceleratortype", "gputype", "instancetype", *_MACHINES),
        "vcpus": ("cpu", "cpus", "cores", "instancetype", *_MACHINES),
        "deletion_protection": ("protect", "protected", "protection", "deleteprotection"),
        "tags": ("labels",),
        "max_nodes": ("maxcount", "maxsize", "maxnodecount"),
        "min_nodes": ("mincount", "minsize", "minnodecount"),
        "cloud": ("provider",),
        "kind": ("type",),
        "operator": ("admin", "admins", "administrator", "administrators", "clusteradmin", "owner"),
        "data-scientist": ("scientist", "datascience", "researcher"),
        "auditor": ("viewer", "readonly", "reader"),
        "region": ("location",),
        "location": ("region",),
        # who reaches an endpoint
        "private": ("internal",),
        "public": ("external", "internet"),
    }
)
"""Per word of the spec, what people write in its place, in small letters and digits alone."""

_DAGS = (
    "it runs the spec's pipelines alone: make it a pipeline with engine airflow, or name an Airflow of yours in "
    "cluster.airflow_url and put its DAGs beside what `mlplatform render pipeline` writes"
)
_AIRFLOW = ("login", "max_workers")
"""A field of an Airflow in the cluster, and one of the cloud's."""

_FIELDS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        **dict.fromkeys(("dags", "dagfolder", "dagsfolder", "dagspath", "owndags", "plugins"), (_AIRFLOW, _DAGS)),
        "spot": (("capacity",), "write capacity with the value 'spot'"),
        "preemptible": (("capacity",), "write capacity with the value 'spot'"),
        "ondemand": (("capacity",), "write capacity with the value 'on-demand'"),
        "gpucount": (("accelerator",), "write the count into accelerator, behind a colon: L4:8"),
        "acceleratorcount": (("accelerator",), "write the count into accelerator, behind a colon: L4:8"),
        "gpuspernode": (("accelerator",), "write the count into accelerator, behind a colon: L4:8"),
        "schedule": (("triggers",), "write it into triggers.schedules, with a name and its cron"),
        "cron": (("triggers",), "write it into triggers.schedules, with a name and its cron"),
        "minreplicas": (("replicas",), "write both ends into replicas, the least first"),
        "maxreplicas": (("replicas",), "write both ends into replicas, the least first"),
        "vpc": (("network",), "name an existing one in the target, targets[].network; `network` is about new ones"),
        "subnets": (("network",), "name existing subnets in the target, targets[].network"),
        "encryption": (("keys",), "remove it: all is encrypted with the platform's keys; `keys` says how they rotate"),
        "include": (("spec_version",), "a spec in Python can import another one: base.overlay(…)"),
        "extends": (("spec_version",), "a spec in Python can import another one: base.overlay(…)"),
        "imports": (("spec_version",), "a spec in Python can import another one: base.overlay(…)"),
    }
)
"""Fields of other tools that a value of a field here stands for, or that nothing stands for: fields of that place, and
what to write."""


def field_for(written: str, accepted: Collection[str]) -> str | None:
    """What to write in place of a field that has no counterpart of its own; None where nothing is known.

    Args:
        written: the field's name in the spec.
        accepted: the fields of that place.
    """
    fields, fix = _FIELDS.get(re.sub(r"[^a-z0-9]+", "", written.lower()), ((), ""))
    return fix if any(field in accepted for field in fields) else None


def word_for(written: str, accepted: Collection[str]) -> str | None:
    """The accepted word that means what was written; None if none of them is known to mean it.

    Args:
        written: what the spec says.
        accepted: the choices, or the fields, of that place.
    """
    plain = re.sub(r"[^a-z0-9]+", "", written.lower())
    meant = (word for word, others in _WORDS.items() if plain in others or plain == re.sub(r"[^a-z0-9]+", "", word))
    return next((word for word in meant if word in accepted), None)
