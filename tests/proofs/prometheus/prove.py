"""Every rule, query, collection and route of Prometheus' kind, read by promtool and amtool; every alert fired and held.

`cases.yaml` has for each kind of alert series that must make it fire, and series that must not: for each form of its
query, where a kind has several.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SPEC = "wide"
"""The cases' series have the names of this spec."""

Rule = dict[str, Any]


def minutes(duration: str) -> str:
    """`PT30M` and `900s` as Prometheus' own `30m` and `900s`."""
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", duration)
    return duration if found is None else f"{60 * int(found[1] or 0) + int(found[2] or 0)}m"


def alerts(resources: list[dict[str, Any]]) -> dict[tuple[str, str], list[tuple[str, Rule]]]:
    """Planned alerts by cloud and kind, each with the name of its spec and resource."""
    found: dict[tuple[str, str], list[tuple[str, Rule]]] = {}

    def add(resource: dict[str, Any], kind: str, rule: Rule) -> None:
        where = f"{resource['spec']} {resource['name']}"
        found.setdefault((resource["cloud"], kind), []).append((where, {"alert": kind, **rule}))

    for resource in resources:
        inputs = resource["inputs"]
        match resource["type"]:
            case "amp:RuleGroupNamespace":
                for group in yaml.safe_load(inputs["data"])["groups"]:
                    for rule in group["rules"]:
                        if "alert" in rule:
                            add(resource, rule["alert"], rule)
            case "alertsmanagement:PrometheusRuleGroup":
                for rule in inputs["rules"]:
                    if "record" in rule:
                        continue
                    said = {"expr": rule["expression"], "for": minutes(rule["for"]), "labels": rule["labels"]}
                    add(resource, rule["alert"], {**said, "annotations": rule["annotations"]})
            case "monitoring:AlertPolicy":
                kind = resource["name"].rpartition("-alert-")[2]
                for condition in inputs["conditions"]:
                    if query := condition.get("conditionPrometheusQueryLanguage"):
                        add(resource, kind, {"expr": query["query"], "for": query.get("duration", "0s")})
            case _:
                pass
    return found


class _Once(yaml.SafeLoader):
    """Reads YAML in which no key stands twice: of two, YAML itself silently keeps the second."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise SystemExit(f"{node.start_mark}: twice: {sorted(twice)}")
        return super().construct_mapping(node, deep)


def cases_in(name: str) -> dict[str, dict[str, Any]]:
    """The cases of a file beside this one."""
    # a SafeLoader itself
    return yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=_Once)


def form(rule: Rule) -> str:
    """What a query is without its values: names of resources, bounds and durations."""
    query = re.sub(r'"(?:[^"\\]|\\.)*"', '""', rule["expr"])
    query = re.sub(r"(logging_googleapis_com:user)_\w+", r"\1", query)
    return " ".join(re.sub(r"\b\d+(\.\d+)?[smhd]?\b", "0", query).split())


class Tools:
    """promtool and amtool on files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failures: list[str] = []
        self.count = 0

    def write(self, name: str, document: object) -> Path:
        file = self.folder / name
        file.write_text(document if isinstance(document, str) else yaml.safe_dump(document), encoding="utf-8")
        return file

    def check(self, what: str, *command: str) -> None:
        self.count += 1
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            self.failures.append(f"{what}: {command[0]} refuses it:\n{(done.stdout + done.stderr).strip()}")


def check_strings(tools: Tools, strings: list[dict[str, Any]]) -> int:
    """Everything that has a language of Prometheus, as it is planned."""
    queries: list[dict[str, Any]] = []
    for index, item in enumerate(strings):
        where = f"{item['cloud']} {item['spec']} {item['name']} {item['path']}"
        match item["language"]:
            case "Prometheus rule files":
                file = tools.write(f"rules-{index}.yaml", item["text"])
                tools.check(where, "promtool", "check", "rules", "--lint=all", "--lint-fatal", str(file))
            case "Prometheus scrape configuration":
                file = tools.write(f"scrape-{index}.yaml", item["text"])
                # the token's file is in the collector, not here
                tools.check(where, "promtool", "check", "config", "--syntax-only", str(file))
            case "Alertmanager configuration":
                file = tools.write(f"routes-{index}.yaml", item["text"])
                tools.check(where, "amtool", "check-config", str(file))
            case "PromQL":
                queries.append(item)
            case _:
                pass
    for index, item in enumerate(queries):
        group = {"name": "query", "rules": [{"record": f"query:{index}", "expr": item["text"]}]}
        tools.write(f"query-{index}.yaml", {"groups": [group]})
    named = [f"query-{index}.yaml" for index in range(len(queries))]
    done = subprocess.run(["promtool", "check", "rules", *named], capture_output=True, text=True, cwd=tools.folder)
    if done.returncode:
        for index, item in enumerate(queries):
            where = f"{item['cloud']} {item['spec']} {item['name']} {item['path']}"
            tools.check(where, "promtool", "check", "rules", f"query-{index}.yaml")
    return len(queries)


def test_alerts(tools: Tools, planned: dict[tuple[str, str], list[tuple[str, Rule]]]) -> int:
    """Each kind of alert fires on the series that it is for, and on no others."""
    cases = cases_in("cases.yaml")
    ran, left = 0, {(*key, form(rule)): where for key, rules in planned.items() for where, rule in rules}
    for name, case in cases.items():
        # of several forms of a kind, each has a case with its own name in brackets
        cloud, kind = name.partition(" (")[0].split(" ")
        rules = planned.get((cloud, kind), [])
        if not rules:
            tools.failures.append(f"cases.yaml has a case for {name!r}, which nothing plans")
            continue
        mine = [(where, rule) for where, rule in rules if where.startswith(f"{SPEC} ") and case.get("of", "") in where]
        if not mine:
            tools.failures.append(f"{name}: the spec {SPEC!r} plans no such alert on {case.get('of', 'it')}")
            continue
        left.pop((cloud, kind, form(mine[0][1])), None)
        for where, rule in mine[:1]:
            every = case.get("every", "1m")
            tests = [(what, fires, series) for fires in (True, False) for what, series in case[_KEY[fires]].items()]
            for what, fires, series in tests:
                ran += 1
                said = {"alert": kind, **{k: v for k, v in rule.items() if k != "alert"}}
                tools.write("rule.yaml", {"groups": [{"name": "planned", "rules": [said]}]})
                at = case.get("at", "2h")
                expected = [{"labels": "{}", "value": 1}] if fires else []
                query = f'max(ALERTS{{alertname="{kind}",alertstate="firing"}})'
                test: dict[str, Any] = {
                    "interval": every,
                    "input_series": [{"series": key, "values": str(value)} for key, value in series.items()],
                    "promql_expr_test": [{"expr": query, "eval_time": at, "exp_samples": expected}],
                }
                if fires and "says" in case:
                    alert = {
                        "exp_labels": {**rule.get("labels", {}), **case.get("labels", {})},
                        "exp_annotations": {**rule.get("annotations", {}), "summary": case["says"]},
                    }
                    test["alert_rule_test"] = [{"eval_time": at, "alertname": kind, "exp_alerts": [alert]}]
                document = {"rule_files": ["rule.yaml"], "evaluation_interval": every, "tests": [test]}
                file = tools.write("test.yaml", document)
                tools.check(f"{where} {kind}: {what}", "promtool", "test", "rules", str(file))
    tools.failures += [
        f"cases.yaml has no case for {cloud} {kind} as on {where}" for (cloud, kind, _), where in left.items()
    ]
    return ran


def test_recorded(tools: Tools, files: list[dict[str, Any]]) -> int:
    """Each recorded metric of each cloud has the value that it should, in the file that is written for people."""
    cases = cases_in("recorded.yaml")
    ran, seen = 0, set[str]()
    for index, file in enumerate(files):
        written = tools.write(f"written-{index}.yaml", file["text"])
        where = f"{file['cloud']} {file['spec']}"
        tools.check(where, "promtool", "check", "rules", "--lint=all", "--lint-fatal", str(written))
        if file["spec"] != SPEC:
            continue
        groups = yaml.safe_load(file["text"])["groups"]
        for name in {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}:
            if name not in cases:
                tools.failures.append(f"recorded.yaml has no case for {name!r}")
                continue
            seen.add(name)
            for what, case in cases[name].items():
                ran += 1
                test = {
                    "interval": "1m",
                    "input_series": [{"series": key, "values": str(value)} for key, value in case["series"].items()],
                    "promql_expr_test": [
                        {
                            "expr": f"max({name})",
                            "eval_time": "30m",
                            "exp_samples": [] if case["is"] is None else [{"labels": "{}", "value": case["is"]}],
                        }
                    ],
                }
                document = {"rule_files": [written.name], "evaluation_interval": "1m", "tests": [test]}
                made = tools.write("recorded-test.yaml", document)
                tools.check(f"{where} {name}: {what}", "promtool", "test", "rules", str(made))
    tools.failures += [f"recorded.yaml has a case for {name!r}, which nothing records" for name in set(cases) - seen]
    return ran


_KEY = {True: "fires", False: "holds"}


def main() -> int:
    """Read everything; the exit code is not zero if anything is refused."""
    planned = json.loads(Path(os.environ["MLPLATFORM_PLANNED"]).read_text(encoding="utf-8"))
    found = alerts(planned["resources"])
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(Path(folder))
        queries = check_strings(tools, planned["strings"])
        files = tools.count
        ran = test_alerts(tools, found)
        recorded = test_recorded(tools, planned["files"])
    print("\n".join(tools.failures))
    print(
        f"{queries} queries, {files} files, {ran} cases of {len(found)} kinds of alert, {recorded} of recorded metrics"
    )
    if not queries or not files or not ran or not recorded:
        print("nothing of some kind was found to read: the plans or the table of languages changed")
        return 1
    return 1 if tools.failures else 0


if __name__ == "__main__":
    sys.exit(main())
