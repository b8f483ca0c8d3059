"""What jobs have to reach the tracking server: its address, a token that is kept fresh, and MLflow's plug-in for it.

The plug-in needs no installation: Python finds it, with its description, in a folder that the pod mounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.containers import Mount
from mlplatform.cluster.objects.core import ConfigMap
from mlplatform.cluster.objects.volumes import (
    ConfigMapFiles,
    FileOfKey,
    PodToken,
    ProjectedSource,
    ProjectedVolume,
    Volume,
)
from mlplatform.components.tracking_names import TRACKING_AUDIENCE, TRACKING_URL

CLIENT = "mlflow-client"
"""Name of the ConfigMap in each namespace of jobs, and of the volume in their pods."""

FOLDER = "/var/run/mlflow"
"""Where pods have the token and the plug-in."""

PLUGIN_NAME = "mlplatform"
TOKEN_SECONDS = 3600
"""Life of a token; Kubernetes writes a new one when four fifths of it are over."""

_MODULE = "mlplatform_tracking"
_DESCRIPTION = f"{_MODULE}-1.0.dist-info"


@cache
def program(name: str) -> str:
    """The text of a program that runs inside of pods.

    Args:
        name: of its file, without `.py`.
    """
    return Path(__file__).with_name("programs").joinpath(f"{name}.py").read_text(encoding="utf-8")


def plugin_files() -> Mapping[str, str]:
    """The plug-in as an installed package: text by path."""
    return {
        f"{_MODULE}.py": program(_MODULE),
        f"{_DESCRIPTION}/METADATA": f"Metadata-Version: 2.1\nName: {_MODULE.replace('_', '-')}\nVersion: 1.0\n",
        f"{_DESCRIPTION}/entry_points.txt": f"[mlflow.request_auth_provider]\n{PLUGIN_NAME} = {_MODULE}:TokenFile\n",
    }


def client_env() -> dict[str, str]:
    """The variables with which MLflow's client finds the server and logs in."""
    return {
        "MLFLOW_TRACKING_URI": TRACKING_URL,
        "MLFLOW_TRACKING_AUTH": PLUGIN_NAME,
        "MLPLATFORM_TRACKING_TOKEN_FILE": f"{FOLDER}/token",
        "PYTHONPATH": f"{FOLDER}/client",
    }


def client_config(namespace: str) -> ConfigMap:
    """The plug-in for the pods of a namespace; a key of a ConfigMap has no slash."""
    return ConfigMap(
        metadata=Metadata(name=CLIENT, namespace=namespace),
        data={_key(path): text for path, text in plugin_files().items()},
    )


def client_volume() -> Volume:
    """The token and the plug-in."""
    items = tuple(FileOfKey(key=_key(path), path=f"client/{path}") for path in plugin_files())
    return Volume(
        name=CLIENT,
        projected=ProjectedVolume(
            sources=(
                ProjectedSource(
                    service_account_token=PodToken(
                        audience=TRACKING_AUDIENCE, expiration_seconds=TOKEN_SECONDS, path="token"
                    )
                ),
                ProjectedSource(config_map=ConfigMapFiles(name=CLIENT, items=items)),
            )
        ),
    )


def client_mount() -> Mount:
    """Where the container has them."""
    return Mount(name=CLIENT, mount_path=FOLDER, read_only=True)


def _key(path: str) -> str:
    return path.rpartition("/")[2]
