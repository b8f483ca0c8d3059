"""What a rehearsal finds behind an endpoint of the cluster, whatever runs its replicas."""

from __future__ import annotations

import pytest

from mlplatform import CanaryRollout
from mlplatform.cluster.tokens import type_token
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.replicas import cluster_models
from mlplatform.spec.rollouts import AllAtOnce

from ..cluster.test_endpoints import body, items, platform
from ..cluster.test_replica_groups import fitting
from ..cluster.test_rollouts import rolling


@pytest.mark.parametrize("kind", ["alone", "rolled out", "several nodes"])
def test_the_models_of_every_kind_of_replicas_are_found(kind: str) -> None:
    spec = {
        "alone": lambda: platform("aws"),
        "rolled out": lambda: rolling("aws", CanaryRollout()),
        "several nodes": lambda: fitting("aws", rollout=AllAtOnce()),
    }[kind]()
    found = items(spec, "aws")
    held: list[Held] = []
    for role in (role for role in found if role.startswith("endpoint-")):
        sent = body(found, role)
        token = type_token(sent["apiVersion"], sent["kind"])
        held.append(Held(token=token, name=role, id=role, inputs=sent, outputs={}, seed=role))
    models = cluster_models("llm", held)
    assert models is not None
    assert len(models) == 1
    assert models[0].startswith("s3://")
    assert models[0].endswith("/llm/7")
    # without its name nobody reaches it
    assert cluster_models("llm", [each for each in held if each.name != "endpoint-service-llm--main"]) is None
