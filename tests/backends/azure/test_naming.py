"""Physical names keep to Azure's rules."""

from __future__ import annotations

import re

from mlplatform.backends.azure.naming import RULES, guid, physical_name, pool_name

from .conftest import spec, target


def test_names_keep_to_azures_rules() -> None:
    long = spec(name="a" + "b" * 18 + "c", environment="e" * 12)
    for kind, rule in RULES.items():
        for role in ("x", "a-very-long-role-that-goes-on-and-on-for-more-than-any-limit-allows" * 4):
            name = physical_name(long, kind, role)
            assert 1 <= len(name) <= rule.limit, (kind, name)
            assert name == name.lower()
            assert "--" not in name
            assert re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", name), (kind, name)
            assert rule.dashes or "-" not in name
    assert physical_name(spec(name="a--b"), "vault", "keys").startswith("a-b-dev-keys-")


def test_names_that_stay_taken_change_with_the_incarnation() -> None:
    again = spec(targets=(target(incarnation="2"),))
    assert physical_name(spec(), "vault", "keys") != physical_name(again, "vault", "keys")
    assert physical_name(spec(), "network", "vnet") == physical_name(again, "network", "vnet")
    assert guid(spec(), "a") != guid(spec(environment="prod"), "a")
    assert guid(spec(), "a") == guid(spec(), "a")


def test_pool_names_change_with_what_azure_cannot_change() -> None:
    names = {pool_name("abcdefghijkl", content) for content in ("a", "b")} | {pool_name("abcdefghijkm", "a")}
    assert len(names) == 3
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,11}", name) for name in names)
