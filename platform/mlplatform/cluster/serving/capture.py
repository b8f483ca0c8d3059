"""Capture: a container beside the router moves what it keeps of requests and answers into the store.

`rclone` moves complete files, each into the folder of its hour; what it cannot write stays in memory, of which there is
a bound, and then is lost: requests are never held up. Where the endpoint has `redact`, another container stands between
both, and what it removes never leaves the memory.
"""

from __future__ import annotations

from mlplatform.cluster.objects.containers import Container, EnvVar, Mount, Resources
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.serving.weights import FETCH_IMAGE, LOCKED
from mlplatform.cluster.serving_facts import CapturePlace
from mlplatform.components.envoy_capture import (
    REDACT,
    REDACTED,
    REDACTION_VARIABLE,
    TAPS,
    capture_folder,
    moved_folder,
    redaction_rules,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

CAPTURE_MEMORY = "256Mi"
"""Captured files that wait for the store. They count as memory of the container that wrote them, the router."""

_REMOTE = "store"
_VOLUME, _REDACTED = "taps", "redacted"


def capture_volumes(endpoint: EndpointSpec) -> tuple[Volume, ...]:
    """The memory between the containers."""
    names = (_VOLUME, *((_REDACTED,) if endpoint.redact else ()))
    return tuple(Volume(name=name, empty_dir=EmptyDir(medium="Memory", size_limit=CAPTURE_MEMORY)) for name in names)


def capture_mount() -> Mount:
    """The place that the router writes to."""
    return Mount(name=_VOLUME, mount_path=TAPS)


def capture_containers(endpoint: EndpointSpec, spec: PlatformSpec, place: CapturePlace) -> tuple[Container, ...]:
    """The containers beside the router. They end after it, the last one first: what it redacts is moved too."""
    mover = _capture_container(endpoint, place)
    if endpoint.redact is None:
        return (mover,)
    return (mover, _redaction_container(endpoint, spec))


def _redaction_container(endpoint: EndpointSpec, spec: PlatformSpec) -> Container:
    from mlplatform.spec.capture_redaction import redaction_image

    return Container(
        name="redaction",
        image=redaction_image(endpoint, spec),
        restart_policy="Always",
        command=REDACT,
        env=(EnvVar(name=REDACTION_VARIABLE, value=redaction_rules(endpoint)),),
        # what it writes into memory is its own
        resources=Resources(requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "768Mi"}),
        security_context=LOCKED,
        volume_mounts=(capture_mount(), _redacted_mount()),
    )


def _redacted_mount() -> Mount:
    return Mount(name=_REDACTED, mount_path=REDACTED)


def _capture_container(endpoint: EndpointSpec, place: CapturePlace) -> Container:
    """The container that moves captured files. It ends after the router, with the last of them."""
    settings = {f"RCLONE_CONFIG_{_REMOTE.upper()}_{key.upper()}": value for key, value in place.settings.items()}
    return Container(
        name="capture",
        image=FETCH_IMAGE,
        restart_policy="Always",
        command=("/bin/sh", "-c"),
        args=(capture_moves(endpoint, place),),
        env=tuple(EnvVar(name=name, value=value) for name, value in sorted(settings.items())),
        resources=Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "256Mi"}),
        security_context=LOCKED,
        volume_mounts=(_redacted_mount() if endpoint.redact else capture_mount(),),
    )


def capture_moves(endpoint: EndpointSpec, place: CapturePlace) -> str:
    """The shell script of that container. It lists nothing in the store, and writes below its own folder alone."""
    source = moved_folder(endpoint)
    to = f"{_REMOTE}:{place.address}/{capture_folder(endpoint)}"
    return "\n".join(
        (
            # backquotes: Kubernetes reads a dollar sign with a parenthesis as its own variable
            f'move() {{ rclone move {source} "{to}/`date -u +%Y/%m/%d/%H`" --no-check-dest --config= "$@"; }}',
            "trap 'move; exit 0' TERM",
            # younger files may not be complete
            "while :; do move --min-age 5s || true; sleep 5 & wait $!; done",
        )
    )
