"""Everything planned that is a program or a query in a string.

python -m tests.strings.collect FILE    writes the strings of the shipped stacks on all clouds, for the proofs
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import yaml

from mlplatform.plan.model import Plan
from mlplatform.render.rules.file import rule_file

from .languages import INNER, OPENED, PATHS, Choice, Language

PROGRAM = re.compile(
    r"\n|[(){}<>|$*\[\]]|^@|@\{|==|=~|>=| = |&&"
    r"|^P(T?\d+[A-Z])+$|\bFREQ=|^\S+( \S+){4}$(?<=[\d*])|^[A-Za-z0-9+/]{80,}={0,2}$"
)
"""What makes a string look like a program: brackets, operators, lines, a duration, a schedule, base64."""

SECRET = "4dabf18193072939515e22adb298388d"
"""Key of the envelope of a secret."""


@dataclass(frozen=True, order=True)
class Planned:
    """A string of a plan."""

    cloud: str
    spec: str
    """Name of the spec that it is from."""

    name: str
    """Logical name of the resource."""

    type: str
    """Module and name of the resource's type: `cloudwatch:Dashboard`."""

    path: str
    """Path of the property, and after a colon the path inside an opened document."""

    language: str | None
    """Its language; None: no row of the table says."""

    text: str


def short_type(token: str) -> str:
    """`aws:cloudwatch/dashboard:Dashboard` as `cloudwatch:Dashboard`."""
    _, module, name = token.split(":")
    return f"{module.split('/')[0]}:{name}"


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string at any depth, with its path; the envelope of a secret is not part of the path."""
    match value:
        case dict():
            inner = cast("dict[str, object]", value)
            if SECRET in inner:
                yield from strings(inner.get("value"), path)
                return
            for key, item in inner.items():
                yield from strings(item, _join(path, key))
        case list():
            for item in cast("list[object]", value):
                yield from strings(item, f"{path}[]")
        case str():
            yield path, value
        case _:
            pass


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path and not path.endswith(":") else f"{path}{key}"


def looks_like_a_program(text: str) -> bool:
    """Whether a string must have a row in the table."""
    return PROGRAM.search(text) is not None


def planned(plan: Plan, spec: str, cloud: str) -> Iterator[Planned]:
    """Every program in the strings of a plan, also those that no row knows."""
    for step in plan.resources():
        kind = short_type(step.type)
        for path, text in strings(step.inputs):
            for where, language, inner in _open(_choice(kind, path), kind, path, text):
                if language is not None or looks_like_a_program(inner):
                    yield Planned(cloud, spec, step.name, kind, where, language, inner)


def _choice(kind: str, path: str) -> Choice | None:
    if (kind, path) in PATHS:
        return PATHS[kind, path]
    for (owner, pattern), choice in PATHS.items():
        if owner == kind and pattern.endswith("**") and path.startswith(pattern[:-2]):
            return choice
    return None


def _open(choice: Choice | None, kind: str, path: str, text: str) -> Iterator[tuple[str, Language | None, str]]:
    language = choice(text) if callable(choice) and not isinstance(choice, Language) else choice
    if language == Language.BASE64:
        inner = base64.b64decode(text, validate=True).decode()
        yield from _open(_choice(kind, f"{path}:"), kind, f"{path}:", inner)
        return
    yield path, language, text
    if language not in OPENED:
        return
    try:
        document = yaml.safe_load(text) if language == Language.YAML else json.loads(text)
    except (ValueError, yaml.YAMLError):
        return
    for inner_path, inner in strings(document):
        where = f"{path}:{inner_path}"
        inner_choice = INNER.get((language, inner_path)) or _choice(kind, where)
        if inner_choice is not None or looks_like_a_program(inner):
            yield from _open(inner_choice, kind, where, inner)


def _of_dashboard(cloud: str, spec: str, file: str, document: str) -> Iterator[Planned]:
    """The queries of a dashboard of Grafana."""
    for panel in json.loads(document)["panels"]:
        for target in panel.get("targets", ()):
            promql = target.get("expr") or target.get("promQLQuery", {}).get("expr")
            # what Grafana puts in, as it puts it in
            kql = target.get("azureLogAnalytics", {}).get("query", "")
            kql = kql.replace("$__timeFilter(TimeGenerated)", "TimeGenerated >= ago(1d)")
            for language, text in ((Language.PROMQL, promql), (Language.KQL, kql)):
                if text:
                    yield Planned(cloud, spec, file, "grafana:Dashboard", panel["title"], language, text)


def main() -> None:
    """Write what the shipped stacks and the wide spec plan: strings once, every resource's inputs, rendered files."""
    from .specs import all_plans, dashboards_of

    found: dict[tuple[str, str, str], Planned] = {}
    resources: list[dict[str, object]] = []
    files: list[dict[str, str]] = []
    for name, cloud, plan in all_plans():
        for item in planned(plan, name, cloud):
            found.setdefault((item.type, item.path, item.text), item)
        for step in plan.resources():
            resources.append(
                {
                    "cloud": cloud,
                    "spec": name,
                    "name": step.name,
                    "type": short_type(step.type),
                    "inputs": step.inputs,
                }
            )
        files.append({"cloud": cloud, "spec": name, "name": "rules.yaml", "text": rule_file(plan)})
        for file, text in dashboards_of(name, cloud).items():
            for item in _of_dashboard(cloud, name, file, text):
                found.setdefault((item.type, item.path, item.text), item)
    document = {
        "files": files,
        "strings": [asdict(item) for item in sorted(found.values(), key=repr)],
        "resources": resources,
    }
    Path(sys.argv[1]).write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
