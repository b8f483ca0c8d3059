"""Every KQL query, read by Microsoft's parser with the tables that the platform's resources write to.

Beside the grammar: each table and column exists, an alert measures a column that its query returns, and the resources
of the same plan are told to write that table.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GRAPH = re.compile(r"^arg\(['\"]{2}\)\.")
"""How a log query reads Azure Resource Graph: the parser knows the rest of the query, not this prefix."""


def ask(tables: dict[str, str], queries: list[str]) -> list[dict[str, Any]]:
    """What the parser says of each query."""
    asked = json.dumps({"tables": tables, "queries": queries})
    done = subprocess.run(
        ["node", str(HERE / "kusto.js")], input=asked, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout)


def written(resources: list[dict[str, Any]]) -> dict[str, set[tuple[str, bool]]]:
    """By spec: the categories of logs that resources send, and whether each goes to its own table."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for resource in resources:
        inputs = resource["inputs"]
        if resource["type"] == "monitor:DataCollectionRule":
            for flow in inputs.get("dataFlows", ()):
                found.setdefault(resource["spec"], set()).update((stream, True) for stream in flow["streams"])
        if resource["type"] != "monitor:DiagnosticSetting":
            continue
        dedicated = inputs.get("logAnalyticsDestinationType") == "Dedicated"
        for log in inputs.get("logs", ()):
            if log.get("enabled") and log.get("category"):
                found.setdefault(resource["spec"], set()).add((log["category"], dedicated))
    return found


def main() -> int:
    """Read every query; the exit code is not zero if anything is refused."""
    planned = json.loads(Path(os.environ["MLPLATFORM_PLANNED"]).read_text(encoding="utf-8"))
    tables = tomllib.loads((HERE / "tables.toml").read_text(encoding="utf-8"))
    columns = {name: table["columns"] for name, table in tables.items()}
    items = [item for item in planned["strings"] if item["language"] == "KQL"]
    failures: list[str] = []

    # a parser that refuses nothing would prove nothing
    wrong = ["AKSControlPlane | wher true", "AKSControlPlane | where Nope == 1", "Nope | take 1"]
    failures += [
        f"the parser accepts {text!r}"
        for text, answer in zip(wrong, ask(columns, wrong), strict=True)
        if not answer["problems"]
    ]

    answers = ask(columns, [GRAPH.sub("", item["text"]) for item in items])
    result = {item["text"]: answer for item, answer in zip(items, answers, strict=True)}
    for item in items:
        where = f"{item['spec']} {item['name']}"
        failures += [f"{where}: {problem}\n{item['text']}" for problem in result[item["text"]]["problems"]]

    measured = 0
    sent = written(planned["resources"])
    for resource in planned["resources"]:
        if resource["type"] != "monitor:ScheduledQueryRule":
            continue
        for criterion in resource["inputs"]["criteria"]["allOf"]:
            where = f"{resource['spec']} {resource['name']}"
            text = criterion["query"]
            named = [criterion.get("metricMeasureColumn"), *(d["name"] for d in criterion.get("dimensions", ()))]
            measured += len([name for name in named if name])
            failures += [
                f"{where}: measures or splits by {name}, but its query returns {result[text]['columns']}"
                for name in named
                if name and name not in result[text]["columns"]
            ]
            (table,) = [name for name in tables if re.match(rf"(arg\(''\)\.)?{name}\b", text)] or [""]
            facts = tables.get(table, {})
            if facts.get("graph"):
                continue
            sends = {own for category, own in sent.get(resource["spec"], set()) if category == facts.get("category")}
            if not sends or (facts.get("dedicated") and True not in sends):
                failures.append(f"{where}: no resource of the plan is told to write to {table or text[:40]}")
    print("\n".join(failures))
    print(f"{len(items)} queries of {len(tables)} tables, {measured} columns that alerts measure")
    return 1 if failures or not items or not measured else 0


if __name__ == "__main__":
    sys.exit(main())
