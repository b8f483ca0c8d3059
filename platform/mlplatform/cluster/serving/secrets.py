"""Secrets of an endpoint: read from the cloud's store by the identity of the pod, before its server starts.

Kubernetes takes the values for the server's environment from a file in the pod's memory, so that no object of the
cluster, no manifest and no state of Pulumi has them. External Secrets and the drivers of volumes were weighed: the
first keeps them as objects, for whoever may read Secrets of the namespace; the others bring files and no variables.
https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file
"""

from __future__ import annotations

from shlex import quote

from mlplatform.cluster.objects.containers import Container, EnvSource, EnvVar, FileKeyRef, Mount, Resources
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.cluster.serving_facts import SecretCommands
from mlplatform.spec.endpoints import EndpointSpec

_VOLUME = "secrets"
_FOLDER = "/secrets"
_FILE = "env"


def secret_variables(endpoint: EndpointSpec) -> tuple[EnvVar, ...]:
    """The server's variables, with the values that the container before it wrote down."""
    return tuple(
        EnvVar(name=name, value_from=EnvSource(file_key_ref=FileKeyRef(volume_name=_VOLUME, path=_FILE, key=name)))
        for name in sorted(endpoint.secrets)
    )


def secret_volume(endpoint: EndpointSpec) -> tuple[Volume, ...]:
    """The memory between the two, which the server itself does not mount."""
    if not endpoint.secrets:
        return ()
    return (Volume(name=_VOLUME, empty_dir=EmptyDir(medium="Memory", size_limit="1Mi")),)


def secret_container(endpoint: EndpointSpec, reader: SecretCommands) -> tuple[Container, ...]:
    """What reads them when a replica starts: a new value is there with the next one."""
    if not endpoint.secrets:
        return ()
    return (
        Container(
            name="secrets",
            image=reader.image,
            command=("/bin/sh", "-c"),
            args=(secret_script(endpoint, reader),),
            # the vendors' programs write their settings there
            env=(EnvVar(name="HOME", value="/tmp"),),
            resources=Resources(requests={"cpu": "100m", "memory": "256Mi"}, limits={"memory": "512Mi"}),
            security_context=LOCKED,
            volume_mounts=(Mount(name=_VOLUME, mount_path=_FOLDER),),
        ),
    )


def secret_script(endpoint: EndpointSpec, reader: SecretCommands, folder: str = _FOLDER) -> str:
    """The shell script of that container. It prints no value.

    A value with a quote or of several lines is refused: Kubernetes reads `NAME='value'`, and has no way to write these.

    Args:
        endpoint: the endpoint, with its secrets.
        reader: how the cloud's program reads them.
        folder: where the file goes.
    """
    file = f"{folder}/{_FILE}"
    return "\n".join(
        (
            "set -eu",
            "umask 077",
            "line='\n'",
            "put() {",
            """  case "$2" in""",
            """    "") echo "secret $1 has no value" >&2; exit 1;;""",
            """    *"'"*|*"$line"*) echo "secret $1 has a quote or several lines" >&2; exit 1;;""",
            "  esac",
            f"""  printf "%s='%s'\\n" "$1" "$2" >> {file}""",
            "}",
            f": > {file}",
            *reader.login,
            # backquotes: Kubernetes reads a dollar sign with a parenthesis as its own variable
            *(
                line
                for name, secret in sorted(endpoint.secrets.items())
                for line in (f"value=`{reader.read.format(secret=quote(secret))}`", f'put {name} "$value"')
            ),
        )
    )
