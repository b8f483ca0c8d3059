"""An Ansible inventory: the platform and its endpoints as hosts, the outputs as their variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import yaml

from mlplatform.render.outputs.names import unique_names
from mlplatform.render.outputs.values import Plain

PREFIX = "mlplatform_"
"""First part of every variable and group, so that none hides an `environment` or `endpoints` of Ansible or a play."""


class _Unsafe(str):
    """Text that Ansible must not read as a template."""


class _Dumper(yaml.SafeDumper):
    """Writes texts that look like templates as plain text."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _unsafe(dumper: yaml.SafeDumper, value: _Unsafe) -> yaml.ScalarNode:
    return cast("Any", dumper).represent_scalar("!unsafe", str(value), style='"')


_Dumper.add_representer(_Unsafe, _unsafe)


def inventory(values: Mapping[str, Plain]) -> str:
    """YAML for `ansible-inventory`; its hosts are local, since plays call APIs from where they run.

    https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
    """
    cloud = values.get("cloud")
    names = unique_names(values)
    endpoints = values.get("endpoints")
    hosts = _endpoints(endpoints) if isinstance(endpoints, dict) else {}
    document = {
        "all": {
            "children": {
                f"{PREFIX}platform": {
                    "hosts": {_host(f"platform-{cloud}" if isinstance(cloud, str) else "platform"): _local()},
                    "vars": {f"{PREFIX}{names[name]}": _plain(value) for name, value in values.items()},
                },
                f"{PREFIX}endpoints": {"hosts": hosts},
            }
        }
    }
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def _endpoints(endpoints: Mapping[str, Plain]) -> dict[str, object]:
    hosts: dict[str, object] = {}
    for name, value in endpoints.items():
        facts = value if isinstance(value, dict) else {"value": value}
        own = unique_names(facts)
        hosts[_host(name)] = {
            **_local(),
            **{f"{PREFIX}endpoint_{own[key]}": _plain(item) for key, item in facts.items()},
        }
    return hosts


def _local() -> dict[str, object]:
    return {"ansible_connection": "local"}


def _host(name: str) -> str:
    # brackets and commas would be read as several hosts
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "host"


def _plain(value: Plain) -> object:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case str() if "{" in value:
            return _Unsafe(value)
        case _:
            return value
