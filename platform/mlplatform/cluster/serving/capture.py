"""Capture: a container beside the router moves what it keeps of requests and answers into the store.

`rclone` moves complete files, each into the folder of its hour; what it cannot write stays in memory, of which there is
a bound, and then is lost: requests are never held up.
"""

from __future__ import annotations

from mlplatform.cluster.objects.pods import Container, EmptyDir, EnvVar, Mount, Resources, Volume
from mlplatform.cluster.serving.weights import FETCH_IMAGE, LOCKED
from mlplatform.cluster.serving_facts import CapturePlace
from mlplatform.components.envoy_capture import TAPS, capture_folder
from mlplatform.spec.endpoints import EndpointSpec

CAPTURE_MEMORY = "256Mi"
"""Captured files that wait for the store. They count as memory of the container that wrote them, the router."""

_REMOTE = "store"
_VOLUME = "taps"


def capture_volume() -> Volume:
    """The memory between the two containers."""
    return Volume(name=_VOLUME, empty_dir=EmptyDir(medium="Memory", size_limit=CAPTURE_MEMORY))


def capture_mount() -> Mount:
    """Its place in both."""
    return Mount(name=_VOLUME, mount_path=TAPS)


def capture_container(endpoint: EndpointSpec, place: CapturePlace) -> Container:
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
        volume_mounts=(capture_mount(),),
    )


def capture_moves(endpoint: EndpointSpec, place: CapturePlace) -> str:
    """The shell script of that container. It lists nothing in the store, and writes below its own folder alone."""
    to = f"{_REMOTE}:{place.address}/{capture_folder(endpoint)}"
    return "\n".join(
        (
            # backquotes: Kubernetes reads a dollar sign with a parenthesis as its own variable
            f'move() {{ rclone move {TAPS} "{to}/`date -u +%Y/%m/%d/%H`" --no-check-dest --config= "$@"; }}',
            "trap 'move; exit 0' TERM",
            # younger files may not be complete
            "while :; do move --min-age 5s || true; sleep 5 & wait $!; done",
        )
    )
