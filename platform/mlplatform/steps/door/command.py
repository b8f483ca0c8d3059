"""The commands `door` and `starter`: they find what they are told, and the cloud, and look once."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import cast

from mlplatform.services.doors import GROUP, door_module
from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.door.exchange import with_exchange
from mlplatform.steps.door.ports import CloudModule, KeepsRules
from mlplatform.steps.door.rules import BadDoorRules, read_rules
from mlplatform.steps.door.starter import BadStarterRules, HasAirflow, StartEngine, follow_orders, read_starter_rules
from mlplatform.steps.door.tick import tick
from mlplatform.steps.door.variables import (
    DOOR_CLOUD,
    DOOR_RULES,
    STARTER_AIRFLOW,
    STARTER_MANAGED_AIRFLOW,
    STARTER_RULES,
)

NAMESPACE = "pipelines"
"""Namespace of the runs in the cluster; `mlplatform.spec.pipelines` has the same."""


def run_door(cloud: str | None, file: Path | None) -> int:
    """Let the door look once.

    Args:
        cloud: name of the cloud. None: that of the variable.
        file: its rules. None: those of the variable.

    Returns:
        How much failed.

    Raises:
        BadInput: something is missing, or cannot be read.
    """
    module, told = _found(cloud, file, DOOR_RULES)
    try:
        if not told.lstrip().startswith("{"):
            if not hasattr(module, "read_text"):
                raise BadInput(f"{file or DOOR_RULES}: expected the document, JSON: its cloud has no address of one")
            told = cast("KeepsRules", module).read_text(told)
        rules = read_rules(told)
        ports = module.open_door(rules, os.environ)
        if any(each.engine for each in rules.pipelines):
            ports = with_exchange(ports, module.open_exchange(os.environ), _now)
    except BadDoorRules as error:
        raise BadInput(f"{file or DOOR_RULES}: {error}") from None
    except KeyError as error:
        raise BadInput(f"{error.args[0]}: the variable is not set") from None
    return tick(rules, ports, clock=_now, log=_say).failures


def run_starter(cloud: str | None, file: Path | None) -> int:
    """Let the starter look once.

    Args:
        cloud: name of the cloud of its store. None: that of the variable.
        file: what it is told. None: the variable's document.

    Returns:
        How many pipelines had a failure.

    Raises:
        BadInput: something is missing, or cannot be read.
    """
    module, told = _found(cloud, file, STARTER_RULES)
    try:
        pipelines = read_starter_rules(told)
        exchange = module.open_exchange(os.environ)
        engines = {engine: _engine(engine, module) for engine in {each.engine for each in pipelines}}
    except BadStarterRules as error:
        raise BadInput(f"{file or STARTER_RULES}: {error}") from None
    except KeyError as error:
        raise BadInput(f"{error.args[0]}: the variable is not set") from None
    return follow_orders(pipelines, exchange, engines, clock=_now, log=_say)


def _engine(name: str, module: CloudModule) -> StartEngine:
    if name == "cluster":
        from mlplatform.services.kubernetes_api import KubernetesApi
        from mlplatform.steps.door.argo import ArgoEngine

        return ArgoEngine(KubernetesApi(os.environ), NAMESPACE)
    if name == "airflow":
        if STARTER_MANAGED_AIRFLOW in os.environ:
            if not hasattr(module, "open_airflow"):
                raise BadInput(f"{STARTER_MANAGED_AIRFLOW}: set, and the cloud has no Airflow of its own")
            return cast("HasAirflow", module).open_airflow(os.environ)
        from mlplatform.steps.door.airflow import AirflowEngine

        return AirflowEngine(os.environ[STARTER_AIRFLOW])
    raise BadInput(f"{STARTER_RULES}: got the engine {name}; this program starts runs of cluster and airflow")


def _found(cloud: str | None, file: Path | None, variable: str) -> tuple[CloudModule, str]:
    name = cloud or os.environ.get(DOOR_CLOUD)
    told = file.read_text("utf-8") if file else os.environ.get(variable)
    if name is None or told is None:
        missing = f"--cloud: missing; name it, or set {DOOR_CLOUD}" if name is None else ""
        raise BadInput(*filter(None, (missing, "" if told else f"--rules: missing; name a file, or set {variable}")))
    return _cloud(name), told


def _cloud(name: str) -> CloudModule:
    """The module of a cloud's part: one of ours, or that of the package that has the cloud."""
    if re.fullmatch("[a-z]+", name):
        place = f"mlplatform.steps.door.{name}"
        try:
            module = import_module(place)
        except ModuleNotFoundError as error:
            if error.name != place:
                raise
        else:
            if hasattr(module, "open_door"):
                return cast("CloudModule", module)
    if module := door_module(name):
        return cast("CloudModule", module)
    raise BadInput(
        f"--cloud: got {name}; this program has no door there: put the package that has this cloud, with an entry "
        f"point of the group {GROUP}, into the image beside mlplatform"
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    print(line, flush=True)
