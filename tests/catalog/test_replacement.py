"""The table of what makes a new resource: complete for what the stacks make, with a source per row."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.catalog.replacement import has_row, replacement_reason, replacement_source, rows
from mlplatform.fast.sdk import fast_sdk
from mlplatform.providers.schema import resource_class


def test_every_type_of_the_stacks_has_a_row(root: Path) -> None:
    urns = [
        line.split()[0] for file in (root / "tests/golden/urns").glob("*.txt") for line in file.open() if line.strip()
    ]
    types = {urn.split("::")[2].rpartition("$")[2] for urn in urns}
    made = {token for token in types if not token.startswith(("pulumi:", "mlplatform:"))}
    assert len(made) > 150
    assert sorted(token for token in made if not has_row(token)) == []


FIXED = [
    ("aws:eks/nodeGroup:NodeGroup", ("launchTemplate", "name"), True),
    ("aws:eks/nodeGroup:NodeGroup", ("launchTemplate", "version"), False),
    ("aws:eks/nodeGroup:NodeGroup", ("scalingConfig", "maxSize"), False),
    ("aws:eks/nodeGroup:NodeGroup", ("subnetIds", 1), True),
    ("aws:ecr/repository:Repository", ("encryptionConfigurations", 0, "kmsKey"), True),
    ("aws:sagemaker/model:Model", ("primaryContainer", "image"), True),
    ("aws:sagemaker/model:Model", ("tags", "owner"), False),
    ("aws:sagemaker/endpoint:Endpoint", ("endpointConfigName",), False),
    ("gcp:container/nodePool:NodePool", ("nodeConfig", "guestAccelerators", 0, "count"), True),
    ("gcp:container/nodePool:NodePool", ("nodeConfig", "machineType"), False),
    ("gcp:storage/bucket:Bucket", ("project",), True),
    ("gcp:storage/bucket:Bucket", ("labels", "owner"), False),
    ("gcp:compute/address:Address", ("labels",), False),
    ("azure-native:containerservice:AgentPool", ("vmSize",), True),
    ("azure-native:containerservice:AgentPool", ("maxCount",), False),
    ("azure-native:storage:StorageAccount", ("location",), True),
    ("azure-native:storage:StorageAccount", ("tags", "location"), False),
    ("azure-native:storage:StorageAccount", ("resourceGroupName",), True),
    ("other:index:Thing", ("name",), False),
]


@pytest.mark.parametrize(("token", "path", "fixed"), FIXED, ids=[f"{t}-{p}" for t, p, _ in FIXED])
def test_why(token: str, path: tuple[str | int, ...], fixed: bool) -> None:
    assert bool(replacement_reason(token, path)) is fixed
    assert replacement_source(token, path).startswith("https://") is fixed


def test_a_range_that_contains_the_former_one_is_set_in_place() -> None:
    subnet = ("gcp:compute/subnetwork:Subnetwork", ("ipCidrRange",))
    assert not replacement_reason(*subnet, "10.40.0.0/17", "10.40.0.0/16")
    for after in ("10.60.0.0/17", "10.40.0.0/18", "unknown", "fd00::/64", None):
        assert replacement_reason(*subnet, "10.40.0.0/17", after), after


def test_the_reason_names_the_input_and_what_follows() -> None:
    assert replacement_reason("aws:eks/cluster:Cluster", ("roleArn",)) == "`roleArn` is fixed when it is made"
    said = replacement_reason("gcp:kms/keyRing:KeyRing", ("name",))
    assert said == "`name` is fixed when it is made: Google never deletes a key ring: its name stays taken"


def test_every_fixed_input_is_one_of_the_types() -> None:
    for cloud in discovery.clouds():
        fast_sdk(discovery.backend(cloud).sdks)
    wrong = [
        f"{token}: {path}"
        for token, fixed in rows().items()
        for path in (*fixed.inputs, *fixed.free)
        if path != "*" and not token.endswith(":*") and not _has(token, path.partition(".")[0])
    ]
    assert wrong == []


def _has(token: str, name: str) -> bool:
    made = resource_class(token)
    assert made is not None, token
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return words in inspect.signature(made._internal_init).parameters  # the whole schema would be read for seconds
