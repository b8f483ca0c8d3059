"""What AWS refuses is refused before anything is planned, with what to do instead."""

from __future__ import annotations

import pytest

from mlplatform import (
    ArtifactStoreSpec,
    GpuPoolSpec,
    NetworkSpec,
    PlaceSpec,
    Reservation,
    ReservationBinding,
    TrainingSpec,
    WormSpec,
)
from mlplatform.backends.aws import BACKEND
from mlplatform.backends.aws.naming import alarm_name, bucket_name, cut, hashed, physical
from mlplatform.backends.aws.target import AdoptedNetwork, AwsTarget
from mlplatform.spec.training import SystemPoolSpec

from ...planned import Refusals
from .conftest import full, spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def pools(*made: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=made)


def pool(**changes: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "H100:8", "max_nodes": 2, **changes})


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("aws")) == ()


def test_a_misspelled_region_is_recognised() -> None:
    refused("targets[aws].region", "us-east-9", "us-east-1", targets=(target(region="us-east-9"),))
    refused("targets[aws].replica_region", "us-west-2", targets=(target(replica_region="us-west-22"[:9] + "3"),))


def test_zones() -> None:
    refused("targets[aws].zones", "eu-west-1a", targets=(target(zones=("us-east-1a", "eu-west-1a")),))
    refused("targets[aws].zones", "each zone once", targets=(target(zones=("us-east-1a", "us-east-1a")),))
    refused("network.zones", "1 of 3", targets=(target(zones=("us-east-1a",)),), network=NetworkSpec(zones=3))
    refused("targets[aws].zones", "at least two", targets=(target(zones=("us-east-1a",)),))


def test_ranges() -> None:
    refused("network.pod_cidr", "100.64.0.0/10", network=NetworkSpec(pod_cidr="192.168.0.0/16"))
    refused("network.service_cidr", "172.20.0.0/16", network=NetworkSpec(service_cidr="100.80.0.0/16"))
    assert problems(network=NetworkSpec(pod_cidr="10.50.0.0/16")) == {}


def test_no_way_out() -> None:
    network = NetworkSpec(nat="none", private_endpoints=False)
    refused("network.nat", "no node can join", network=network)


def test_an_adopted_network_must_fit() -> None:
    subnets = {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"}
    adopted = AdoptedNetwork(vpc_id="vpc-0123456789abcdef0", subnets=subnets, cidrs=("172.20.0.0/16",))
    refused("network.service_cidr", "172.20.0.0/16", targets=(target(network=adopted),))
    zones = ("us-east-1a", "us-east-1c")
    refused("targets[aws].network.subnets", "us-east-1c", targets=(target(network=adopted, zones=zones),))
    bad = adopted.overlay(cidrs=("10.0.0.1/16",))
    refused("targets[aws].network.cidrs", "host bits", targets=(target(network=bad),))


@pytest.mark.parametrize("place", ["data", "features", "models", "pipelines", "monitoring"])
def test_no_bucket_wide_legal_hold(place: str) -> None:
    store = ArtifactStoreSpec.model_validate({place: PlaceSpec(legal_hold=True)})
    refused(f"artifact_store.{place}.legal_hold", "worm", artifact_store=store)


def test_replication_needs_a_second_region_and_versions() -> None:
    refused("targets[aws].replica_region", "second region", artifact_store=ArtifactStoreSpec(replicated=True))
    same = (target(replica_region="us-east-1"),)
    refused("targets[aws].replica_region", targets=same, artifact_store=ArtifactStoreSpec(replicated=True))
    store = ArtifactStoreSpec(replicated=True, models=PlaceSpec(versioned=False))
    other = (target(replica_region="us-west-2"),)
    refused("artifact_store.models.versioned", "replication", targets=other, artifact_store=store)
    worm = ArtifactStoreSpec(data=PlaceSpec(versioned=False, worm=WormSpec(days=1)))
    refused("artifact_store.data.versioned", "worm", artifact_store=worm)


def test_people_are_arns() -> None:
    refused("targets[aws].people.operator", "ARN", targets=(target(people={"operator": ("ops@acme.example",)}),))
    wild = "arn:aws:iam::123456789012:role/*"
    refused("targets[aws].people.operator", "wildcards", targets=(target(people={"operator": (wild,)}),))


def test_accelerators_have_a_nearest_alternative() -> None:
    refused("training.pools[0].accelerator", "A100-80GB:8", training=pools(pool(accelerator="A100-80GB:4")))
    refused("training.pools[0].accelerator", "MI300X", training=pools(pool(accelerator="MI300X:8")))


def test_local_disks_must_exist() -> None:
    refused("training.pools[0].local_nvme", "g5g", training=pools(pool(accelerator="T4G:1", local_nvme=True)))


def test_zone_positions() -> None:
    refused("training.pools[0].zones", "from 1 to 2", training=pools(pool(zones=(3,))))


def test_reservations_are_bound_named_and_in_their_zone() -> None:
    reserved = pool(capacity=Reservation(name="h100", count=2))
    refused("training.pools[0].capacity.name", "binds none", training=pools(reserved))

    def bound(id_: str, zone: str) -> tuple[AwsTarget, ...]:
        return (target(reservations={"h100": ReservationBinding(id=id_, zone=zone)}),)

    where = "targets[aws].reservations.h100"
    refused(
        f"{where}.zone", "us-east-1f", training=pools(reserved), targets=bound("cr-0123456789abcdef0", "us-east-1f")
    )
    refused(f"{where}.id", "cr-", training=pools(reserved), targets=bound("reservation-7", "us-east-1a"))
    elsewhere = pool(capacity=Reservation(name="h100", count=2), zones=(2,))
    here = bound("cr-0123456789abcdef0", "us-east-1a")
    refused("training.pools[0].zones", "us-east-1a", training=pools(elsewhere), targets=here)


def test_labels_and_taints_that_eks_refuses() -> None:
    refused("training.pools[0].labels", "reserved", training=pools(pool(labels={"x.kubernetes.io/a": "b"})))
    refused("training.pools[0].labels", "63", training=pools(pool(labels={f"{'a' * 40}.example/{'b' * 30}": "c"})))


def test_a_system_machine_that_nobody_makes() -> None:
    training = TrainingSpec(system_pool=SystemPoolSpec(vcpus=64, memory_gib=512))
    found = problems(training=training)
    assert set(found) <= {"training.system_pool"}


def test_names_are_cut_and_stay_apart() -> None:
    assert cut("short", 10) == "short"
    long = [cut(f"{'a' * 60}-{end}", 64) for end in ("first", "second")]
    assert all(len(name) <= 64 for name in long)
    assert len(set(long)) == 2
    here = spec(name="a" * 20, environment="b" * 12)
    assert len(hashed(here, "p" * 40, "content", 63)) <= 63
    assert hashed(here, "pool", "one", 63) != hashed(here, "pool", "two", 63)
    assert physical(spec(), "role", 64) == "acme-ml-dev-role"
    assert alarm_name(spec(), "critical", "x") == "acme-ml-dev-critical-x"


def test_bucket_names_fit_the_longest_region() -> None:
    here = spec(name="a" * 20, environment="b" * 12)
    for region in BACKEND.catalog.regions:
        name = bucket_name(here, target(), "replica-monitoring", region)
        assert len(name) <= 63
        assert name.endswith("-an") is (region not in ("me-south-1", "me-central-1"))


def test_importing_the_backend_imports_no_sdk() -> None:
    import subprocess
    import sys

    code = "import sys, mlplatform.backends.aws; sys.exit('pulumi_aws' in sys.modules or 'pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
