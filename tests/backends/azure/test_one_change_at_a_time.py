"""Servers of Azure that refuse a change while another one is under way: what changes one follows one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pytest

from mlplatform import ClusterSpec, PlatformSpec, TrackingSpec
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record

from ...cluster.conftest import small_spec
from ...components.test_online_features import features
from ...planned import made_after

SERVERS: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "azure-native:dbforpostgresql:Server": (
        "serverName",
        "postgresqlServer",
        ("azure-native:dbforpostgresql:AdministratorsMicrosoftEntra",),
    ),
    "azure-native:redisenterprise:RedisEnterprise": (
        "clusterName",
        "redisEnterprise",
        ("azure-native:redisenterprise:Database", "azure-native:redisenterprise:AccessPolicyAssignment"),
    ),
}
"""By type of server: the input with its name, the group of its private endpoint, and the types of what changes it."""


def _spec() -> PlatformSpec:
    people = {
        "ml-engineer": ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2"],
        "data-engineer": ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee7"],
    }
    spec = small_spec("azure", tracking=TrackingSpec(), feature_store=features(services=[]), cluster=ClusterSpec())
    return spec.overlay(targets=(spec.targets[0].overlay(people=people),))


@cache
def _plan() -> Plan:
    return record(_spec(), "azure", resolve=True)


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_what_changes_a_server_follows_one_another(kind: str) -> None:
    name, group, types = SERVERS[kind]
    (server,) = _plan().of_type(kind)
    changes = [step for each in types for step in _plan().of_type(each) if step.inputs[name] == server.inputs[name]]
    changes += [step for step in _plan().of_type("azure-native:network:PrivateEndpoint") if group in str(step.inputs)]
    assert len(changes) > 1
    after = {step.urn: made_after(_plan(), step) for step in changes}
    beside = [
        f"{one.name} and {other.name}"
        for index, one in enumerate(changes)
        for other in changes[index + 1 :]
        if one.urn not in after[other.urn] and other.urn not in after[one.urn]
    ]
    assert not beside
