"""Platforms of large organisations: what validation accepts fits into the limits of each cloud when it is planned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mlplatform import (
    AllAtOnce,
    AutoscalingSpec,
    CpuSpec,
    EmailRoute,
    EndpointSpec,
    FeatureField,
    FeatureGroupSpec,
    FeatureServiceSpec,
    GpuPoolSpec,
    ModelMonitorSpec,
    MonitorInput,
    PlatformSpec,
    TaintSpec,
    TeamSpec,
    WebhookRoute,
    discovery,
)
from mlplatform.reading.load import load
from mlplatform.spec.nodes import MOST_LABELS, MOST_TAINTS

from ..conftest import CLOUDS
from ..planned import record_released

MANY = 60

PRINCIPALS: Mapping[str, str] = {
    "aws": "arn:aws:iam::345678901234:role/{}",
    "gcp": "{}@acme.example",
    "azure": "aaaaaaaa-bbbb-4ccc-8ddd-{:0>12}",
}

WEBHOOKS: Mapping[str, int] = {"aws": MANY, "gcp": 14, "azure": 9}
"""What an alert of Google Cloud and an action group of Azure take, beside the others."""


def _grown(prod: PlatformSpec, cloud: str) -> PlatformSpec:
    """Production with some sixty of everything that a policy, a condition or a group of rules names."""
    assert prod.feature_store
    assert prod.training
    assert prod.cluster
    groups = tuple(
        FeatureGroupSpec(
            name=f"customer_spend_of_{n}",
            entities=("customer",),
            online=True,
            features=(FeatureField(name=f"a{n}", type="int64"),),
        )
        for n in range(MANY)
    )
    service = FeatureServiceSpec(name="many", features=tuple(group.name for group in groups), teams=("fraud",))
    monitor = ModelMonitorSpec(
        task="classification", inputs=(MonitorInput(name="a0"),), reference="many/reference", features="many",
        image=prod.endpoints[-1].monitor.image if prod.endpoints[-1].monitor else None,
    )  # fmt: skip
    managed = tuple(EndpointSpec(name=f"scorer-{n}", model=f"m{n}/1") for n in range(MANY - 20))
    inside = tuple(
        EndpointSpec(
            name=f"inside-{n}",
            model=f"m{n}/1",
            on="cluster",
            pool="serving",
            replicas=(1, 2),
            cpu=CpuSpec(vcpus=1, memory_gib=1),
            autoscaling=AutoscalingSpec(metric="cpu", target=60),
            rollout=AllAtOnce(),
        )
        for n in range(8)
    )
    first, *others = prod.endpoints
    teams = tuple(TeamSpec(f"team-{n}", quota={"batch": 0}) for n in range(MANY))
    pipeline = next(each for each in prod.pipelines if each.on == cloud)
    target = prod.target(cloud)
    people = tuple(PRINCIPALS[cloud].format(f"a{n}") for n in range(24))
    return prod.overlay(
        targets=tuple(
            each.overlay(
                people={**target.people, "data-scientist": people},
                members={team.name: (PRINCIPALS[cloud].format(f"b{n}"),) for n, team in enumerate(teams)},
            )
            if each.name == cloud
            else each
            for each in prod.targets
        ),
        feature_store=prod.feature_store.overlay(
            fill=None, groups=(*prod.feature_store.groups, *groups), services=(*prod.feature_store.services, service)
        ),
        endpoints=(
            first.overlay(secrets={f"SECRET_{n}": f"secret-{n}" for n in range(40)}),
            *others,
            *managed,
            *inside,
            EndpointSpec(name="many", model="many/1", capture_percent=10, monitor=monitor),
        ),
        training=prod.training.overlay(
            system_pool=prod.training.system_pool.overlay(vcpus=16, memory_gib=64, max_nodes=20),
            cpu_pools=(prod.training.cpu_pools[0], prod.training.cpu_pools[1].overlay(min_nodes=12, max_nodes=30)),
            pools=(
                *prod.training.pools,
                GpuPoolSpec(
                    name="marked",
                    accelerator="T4:1",
                    max_nodes=1,
                    capacity="spot",
                    labels={f"label-{n}": "x" for n in range(MOST_LABELS)},
                    taints=tuple(TaintSpec(key=f"taint-{n}") for n in range(MOST_TAINTS)),
                ),
            ),
        ),
        cluster=prod.cluster.overlay(teams=(*prod.cluster.teams, *teams)),
        registry=prod.registry.overlay(
            models=(*prod.registry.models, *(f"model-{n}" for n in range(MANY))),
            repositories=(*prod.registry.repositories, *(f"repository-{n}" for n in range(MANY))),
        ),
        pipelines=(*prod.pipelines, *(pipeline.overlay(name=f"retrain-{n}") for n in range(MANY))),
        monitoring=prod.monitoring.overlay(
            routes=(
                EmailRoute("oncall@acme.example"),
                *(WebhookRoute(name=f"hook-{n}", url_secret=f"hook-{n}") for n in range(WEBHOOKS[cloud])),
            )
        ),
    )


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_accepted_fits_into_what_the_cloud_takes(cloud: str, root: Path) -> None:
    prod = load(root / "stacks/prod.py").spec
    assert prod
    spec = _grown(prod, cloud)
    assert list(discovery.backend(cloud).problems(spec.on(cloud))) == []
    # what is made of ids is known, and so measured, only where the plan is resolved; a refusal ends it
    assert len(record_released(spec, cloud, resolve=True).resources()) > 2_000
