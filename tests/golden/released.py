"""Exports the state of stacks as they are released: made by Pulumi's engine on the mock cloud, kept as goldens.

    PATH=…:$PATH .venv/bin/python -m tests.golden.released dev-aws prod-gcp    # none named: all of them

Run it when a release is made, and only then: what comes after must leave these states as they are.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
from pathlib import Path

from mlplatform import discovery
from mlplatform.fast.sdk import fast_sdk
from mlplatform.reading.load import load
from mlplatform.rehearse.releasing import release_all
from mlplatform.rehearse.stage import open_stage

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(__file__).parent / "state"
RELEASE = "0.1"
"""What the goldens are of."""
STACKS = tuple(f"{stack}-{cloud}" for stack in ("dev", "prod") for cloud in ("aws", "gcp", "azure"))
"""Staging has production's parts in development's sizes."""


RENEWED: tuple[tuple[str, str, str], ...] = (
    (
        "azure-native:monitor:AutoscaleSetting",
        "autoscaleSettingName",
        "belongs to a deployment that is released once more, without the tags that would release it again and again",
    ),
    (
        "aws:cloudcontrol/resource:Resource",
        "desiredState.EndpointConfigName",
        "the hosts of components get a configuration without the tags that would replace them again and again",
    ),
    (
        "azure-native:containerservice:AgentPool",
        "agentPoolName",
        "pools with fabric get AKS's own driver, as all others have: a mix of both is not supported",
    ),
)
"""What an upgrade from the last release replaces on purpose, once: type, cause, reason. The changelog names each."""


def is_renewed(token: str, causes: frozenset[str]) -> bool:
    """Whether the replacement of a resource of a type, with the inputs that cause it, is on purpose."""
    return any(token == kind and cause in causes for kind, cause, _ in RENEWED)


WITHDRAWN: dict[str, tuple[str, ...]] = {
    "aws": (
        r"acme-ml-routes-webhook-[a-z]+-(rule|target)",
        r"acme-ml-store-(write-pipelines|read-data-training|write-features-models-pipelines-training)",
        r"acme-ml-store-(read-data-features-monitoring|write-models-pipelines)-(data-scientist|ml-engineer)",
    ),
    "gcp": (
        r"acme-ml-store-(pipelines-(models|monitoring)|training-models|data-scientist-.+-models)-write",
        r"acme-ml-store-ml-engineer-.+-models-write",
    ),
    "azure": (
        r"acme-ml-models-models-.+-ml-data-scientist",
        r"acme-ml-store-(models|monitoring)-(pipelines|training|data-scientist-[0-9a-f]+)-blob-contributor",
        r"acme-ml-store-models-ml-engineer-[0-9a-f]+-blob-contributor",
    ),
}
"""Resources that went on purpose, by cloud and pattern of their names: they hold nothing, and nobody refers to them.

- AWS: a webhook is posted from a queue that gets everything that mail gets; before, a rule posted alarms alone.
- Azure: its role of data scientists also changes endpoints and moves their traffic; roles without endpoints replace it.
- All: ML engineers add to `models`, and no longer overwrite what is there.
- All: pipelines, jobs and data scientists lose the right to write `models`, and pipelines that to write `monitoring`.
"""


def is_withdrawn(name: str, cloud: str) -> bool:
    """Whether a resource of a logical name went on purpose."""
    return any(re.fullmatch(pattern, name) for pattern in WITHDRAWN.get(cloud, ()))


def golden(stack: str) -> Path:
    """The golden of one stack."""
    return FOLDER / f"{stack}.json.gz"


def released(stack: str) -> bytes:
    """The state of one stack, as `pulumi stack export --show-secrets` wrote it; its secrets are canaries."""
    return gzip.decompress(golden(stack).read_bytes())


_SWAPPED = (b"eastus", b"westus3")
"""Regions of Azure that the stacks have exchanged since the release; elsewhere a platform is another platform."""


def moved(state: bytes) -> bytes:
    """A released state as if its platform had been made where the stacks are now."""
    here, there = _SWAPPED
    return state.replace(here, b"\0").replace(there, here).replace(b"\0", there)


def stripped(state: bytes) -> bytes:
    """A state as it is kept: without what only tells of the machine and the hour, and the throwaway passphrase."""
    document = json.loads(state)
    document["deployment"].pop("secrets_providers", None)
    for resource in document["deployment"]["resources"]:
        for key in ("created", "modified", "sourcePosition", "stackTrace"):
            resource.pop(key, None)
    text = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return gzip.compress(text.encode(), mtime=0)


def _export(stack: str) -> None:
    name, cloud = stack.split("-")
    spec = load(ROOT / "stacks" / f"{name}.py").spec
    assert spec is not None
    fast_sdk(discovery.backend(cloud).sdks)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(spec, cloud, ROOT, Path(folder) / "stage", stack=stack) as found,
    ):
        # the states of a release serve models
        release_all(found)
        made = found.engine.stack("up", "--yes", "--skip-preview")
        assert made.code == 0, made.output
        file = Path(folder) / "state.json"
        done = found.engine.run("stack", "export", "--show-secrets", "--stack", stack, "--file", str(file))
        assert done.code == 0, done.output
        FOLDER.mkdir(exist_ok=True)
        golden(stack).write_bytes(stripped(file.read_bytes()))
    print(f"{stack}: {golden(stack).stat().st_size:,} bytes")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or STACKS:
        _export(wanted)
