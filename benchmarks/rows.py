"""Turns a plan into what the floor registers: SDK classes with the very inputs that were recorded."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

from mlplatform.plan.layers import layer_of
from mlplatform.plan.model import SIGNATURE, STACK_TYPE, Plan
from mlplatform.plan.record import record
from mlplatform.reading.load import load


def _class(token: str) -> tuple[str, str]:
    """Module and class of a type token, as the SDK's own registry says."""
    package, module, name = token.split(":")
    if package == "pulumi":
        sdk = f"pulumi_{name.replace('-', '_')}"
        return sdk, "Provider"
    sdk = f"pulumi_{package.replace('-', '_')}"
    return f"{sdk}.{module.split('/')[0]}".removesuffix(".index"), name


def _snake(sdk: type, wire: str) -> str:
    for name, member in vars(sdk).items():
        if isinstance(member, property) and getattr(member.fget, "_pulumi_name", None) == wire:
            return name
    if wire == "resourceName":
        # the constructor's first argument has that name already
        return "resource_name_"
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1].lower(), wire)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return (
            _plain(value["value"])
            if SIGNATURE in value and "value" in value
            else {k: _plain(v) for k, v in value.items()}
        )
    return [_plain(item) for item in value] if isinstance(value, list) else value


def rows(plan: Plan) -> list[list[object]]:
    """One row per step, in order."""
    found: list[list[object]] = []
    for step in plan.steps:
        if step.type == STACK_TYPE or layer_of(plan, step) == "cluster":
            # objects inside the cluster have no classes in an SDK: the floor is without them, what is measured has them
            continue
        provider = step.provider.rpartition("::")[0]
        if not step.custom:
            found.append([step.urn, None, step.type, step.name, {}, step.parent, provider, []])
            continue
        module, name = _class(step.type)
        sdk = getattr(importlib.import_module(module), name)
        inputs = {
            _snake(sdk, key): json.loads(value)
            if step.type.startswith("pulumi:") and value not in ("",) and _is_json(value)
            else _plain(value)
            for key, value in step.inputs.items()
            if key != "version"
        }
        found.append([step.urn, module, name, step.name, inputs, step.parent, provider, list(step.dependencies)])
    return found


def _is_json(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return value[:1] in '{["' or value in ("true", "false")


if __name__ == "__main__":
    spec = load(Path(sys.argv[1])).spec
    assert spec is not None
    Path(sys.argv[3]).write_text(json.dumps(rows(record(spec, sys.argv[2], resolve=True))), encoding="utf-8")
