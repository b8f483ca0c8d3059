"""Mistakes that people make in a spec: each is one problem, with its place, what was found and what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlplatform.reading.load import load
from mlplatform.views.spec.problems import document, problems_text
from mlplatform.views.style import Style

BASE = """name: acme
environment: dev
owner: a
cost_center: b
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
"""
POOL = f"{BASE}training:\n  pools:\n    - name: gpu\n      max_nodes: 2\n      accelerator: "
CPU = f"{BASE}training:\n  cpu_pools:\n    - name: cpu\n      max_nodes: 1\n      "
ROUTE = f"{BASE}monitoring: {{routes: [{{kind: email, address: a@b.example}}]}}\n"
ID = "00000000-1111-4222-8333-444444444444"
ENDPOINT = f"{BASE}endpoints: [{{name: e, replicas: "
STARTUP = "endpoints[0].startup_seconds"
STEP = f"""{BASE}registry: {{models: [m], repositories: [training]}}
pipelines:
  - name: p
    model: m
    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:1
    programs_image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:2
    timeout_hours: 2
    steps: [{{name: train, kind: train, command: [python, t.py]}}]
"""
COMMAND = "pipelines[0].steps[0].command"
SCHEDULE = "pipelines[0].triggers.schedules[0]"


def _schedule(cron: str, zone: str = "UTC") -> str:
    return f"{STEP}    triggers: {{schedules: [{{name: nightly, cron: '{cron}', time_zone: {zone}}}]}}\n"


YAML = {
    "a count behind a space": (f"{POOL}H100 8\n", "training.pools[0].accelerator[0]", "'H100 8'", 'write "H100:8"'),
    "several in one text": (f'{POOL}"L4, T4"\n', "training.pools[0].accelerator[0]", "'L4, T4'", '["L4", "T4"]'),
    "a truth for a number": (f"{CPU}min_nodes: true\n", "training.cpu_pools[0].min_nodes", "'true'", "write digits"),
    "a size with a unit": (f"{CPU}memory_gib: 16Gi\n", "training.cpu_pools[0].memory_gib", "'16Gi'", "write 16"),
    "a zone for a region": (BASE.replace("east-1", "east-1a"), "targets[0].region", "'us-east-1a'", "us-east-1?"),
    "nothing for a text": (BASE.replace("name: acme", "name:"), "name", "nothing", "write one"),
    "hours for minutes": (
        f"{ENDPOINT}1, 2], rollout: {{kind: canary, steps: [10], bake_minutes: 2h}}}}]\n".replace(
            "replicas: 1", "replicas: [1"
        ),
        "endpoints[0].rollout.bake_minutes",
        "'2h'",
        "write 120",
    ),
    "days with a unit": (
        f"{BASE}artifact_store: {{monitoring: {{worm: {{days: 365d}}}}}}\n",
        "artifact_store.monitoring.worm.days",
        "'365d'",
        "write 365",
    ),
    "a percent sign": (
        f"{ENDPOINT}[1, 2], capture_percent: 10%}}]\n",
        "endpoints[0].capture_percent",
        "'10%'",
        "write 10",
    ),
    "a share for percent": (
        f"{ENDPOINT}[1, 2], capture_percent: 0.1}}]\n",
        "endpoints[0].capture_percent",
        "0.1",
        "write 10",
    ),
    "a terabyte for GiB": (f"{POOL}L4:1\n      disk_gib: 1TB\n", "training.pools[0].disk_gib", "'1TB'", "write 1024"),
    "money with its sign": (f"{ROUTE}budget: {{monthly_usd: $2000}}\n", "budget.monthly_usd", "'$2000'", "write 2000"),
    "money in groups": (
        f"{ROUTE}budget:\n  monthly_usd: 2,000 USD\n",
        "budget.monthly_usd",
        "'2,000 USD'",
        "write 2000",
    ),
    "a comma in a mapping's number": (
        f"{ROUTE}budget: {{monthly_usd: 2,000}}\n",
        "budget.000",
        "unknown",
        "remove the comma",
    ),
    "a number for a part": (f"{ROUTE}budget: 2000\n", "budget", "2000", "write {monthly_usd: 2000}"),
    "a range in one text": (f"{ENDPOINT}1-4}}]\n", "endpoints[0].replicas", "'1-4'", "write [1, 4]"),
    "a number for a range": (f"{ENDPOINT}3}}]\n", "endpoints[0].replicas", "3", "write [3, 3]"),
    "an address for a list": (
        f"{BASE}monitoring: {{routes: a@b.example}}\n",
        "monitoring.routes",
        "'a@b.example'",
        'write [{kind: "email", address: "a@b.example"}]',
    ),
    "an address for a route": (
        f"{BASE}monitoring: {{routes: [a@b.example]}}\n",
        "monitoring.routes[0]",
        "'a@b.example'",
        'write {kind: "email", address: "a@b.example"}',
    ),
    "a cloud for a target": (
        f"{BASE.partition('targets')[0]}targets: [aws]\n",
        "targets[0]",
        "'aws'",
        'write {cloud: "aws", account_id: "…", region: "…"}',
    ),
    "a tag for a version": (f"{ENDPOINT}[1, 2], model: m:1}}]\n", "endpoints[0].model", "'m:1'", "write 'm/1'"),
    "a tag that moves": (f"{ENDPOINT}[1, 2], model: m:latest}}]\n", "endpoints[0].model", "'m:latest'", "write 'm'"),
    "a version that moves": (
        f"{ENDPOINT}[1, 2], model: team/m/Latest}}]\n",
        "endpoints[0].model",
        "'team/m/Latest'",
        "team/m to follow the record",
    ),
    "a stage for a version": (
        f"{ENDPOINT}[1, 2], model: m/1, shadow: {{model: m/prod}}}}]\n",
        "endpoints[0].shadow.model",
        "'m/prod'",
        "such as m/7",
    ),
    "a model without its version": (f"{ENDPOINT}[1, 2], model: m/}}]\n", "endpoints[0].model", "'m/'", "write m"),
    "an image that moves": (
        f"{ENDPOINT}[1, 2], model: m, image: a.example/m:latest}}]\n",
        "endpoints[0].image",
        "'a.example/m:latest'",
        "a.example/m@sha256:… as the push printed it",
    ),
    "a step's image that moves": (
        STEP.replace("training:2", "training:latest"),
        "pipelines[0].programs_image",
        "'123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:latest'",
        "write the version",
    ),
    "a command in one word": (
        STEP.replace("[python, t.py]", "[python t.py]"),
        COMMAND,
        "'python t.py'",
        'write ["python", "t.py"]',
    ),
    "a program with its option": (
        STEP.replace("[python, t.py]", "[/bin/sh -c, t.sh]"),
        COMMAND,
        "'/bin/sh -c'",
        'write ["/bin/sh", "-c", "t.sh"]',
    ),
    "a line for a shell": (
        STEP.replace("[python, t.py]", '["cd src && python t.py"]'),
        COMMAND,
        "'cd src && python t.py'",
        'write ["sh", "-c", "cd src && python t.py"]',
    ),
    "a program without a name": (
        STEP.replace("[python, t.py]", '["", t.py]'),
        COMMAND,
        "''",
        "name the program first",
    ),
    "a line with a quote too many": (
        STEP.replace("[python, t.py]", '["python it\'s.py"]'),
        COMMAND,
        '"python it\'s.py"',
        "name the program first",
    ),
    "a model's fields": (
        f"{ENDPOINT}[1, 2], model: {{name: m, version: 1}}}}]\n",
        "endpoints[0].model",
        "2 keys",
        "write 'm/1'",
    ),
    "a place for a model": (
        f"{ENDPOINT}[1, 2], model: s3://b/m}}]\n",
        "endpoints[0].model",
        "'s3://b/m'",
        "promote --artifact",
    ),
    "another word for protection": (f"{BASE}protect: yes\n", "protect", "unknown", "write 'deletion_protection'"),
    "a truth for a capacity": (f"{POOL}L4:1\n      spot: true\n", "training.pools[0].spot", "unknown", "value 'spot'"),
    "a count of its own": (
        f"{POOL}L4:1\n      gpu_count: 8\n",
        "training.pools[0].gpu_count",
        "unknown",
        "behind a colon",
    ),
    "a machine for a GPU": (
        f"{POOL}L4:1\n      machine_type: x\n",
        "training.pools[0].machine_type",
        "unknown",
        "'accelerator'",
    ),
    "a machine for CPUs": (f"{CPU}machine_type: x\n", "training.cpu_pools[0].machine_type", "unknown", "write 'vcpus'"),
    "the field of another cloud": (
        f"{BASE.partition('targets')[0]}targets:\n  - {{cloud: azure, region: westus3, subscription_id: {ID}, "
        f"tenant_id: {ID}}}\n",
        "targets[0].region",
        "unknown",
        "write 'location'",
    ),
    "a number for a list": (
        f"{ROUTE}budget: {{monthly_usd: 5, alert_percent: 80}}\n",
        "budget.alert_percent",
        "80",
        "[80]",
    ),
    "another word for private": (
        f"{ENDPOINT}[1, 2], exposure: internal}}]\n",
        "endpoints[0].exposure",
        "'internal'",
        "'private'",
    ),
    "a taint in one text": (
        f"{POOL}L4:1\n      taints: a=b:NoSchedule\n",
        "training.pools[0].taints",
        "'a=b:NoSchedule'",
        "write [{…}]",
    ),
    "a key without a space": (
        f"{POOL}{{L4:1}}\n",
        "training.pools[0].accelerator",
        "{L4:1: None}",
        'write "L4:1"',
    ),
    "a file to include": (f"{BASE}include: other.yaml\n", "include", "unknown", "base.overlay"),
    "a template": (BASE.replace("owner: a", "owner: {{ owner }}"), "", "a template", "is no template"),
    "a remark for a text": (BASE.replace("owner: a", "owner: #team"), "owner", "nothing", "begins with #"),
    "quotes of a page": (BASE.replace("owner: a", "owner: “a”"), "owner", "“a”", "type plain quotes"),
    "half of a pair": (f"{ENDPOINT}[1]}}]\n", "endpoints[0].replicas[1]", "nothing", "write what is missing"),
    "named ends of a range": (
        f"{ENDPOINT}{{min: 1, max: 4}}}}]\n",
        "endpoints[0].replicas",
        "a mapping",
        "values alone",
    ),
    "names for a list": (
        f"{BASE}endpoints:\n  first:\n    server: triton\n",
        "endpoints",
        "a mapping",
        "a field: first",
    ),
    "clouds for a list": (
        BASE.partition("targets")[0] + "targets:\n  aws: {region: us-east-1}\n",
        "targets",
        "a mapping",
        "its cloud as a field: aws",
    ),
    "another tool's file": ("apiVersion: v1\nkind: Pod\n", "", "an object of Kubernetes, Pod", "that has the spec"),
    "a merge conflict": (f"<<<<<<< HEAD\n{BASE}=======\n>>>>>>> x\n", "", "a merge conflict", "keep one of the two"),
    "nobody": (BASE.replace("owner: a", 'owner: ""'), "owner", "''", "write a text that is not empty"),
    "nobody, in spaces": (BASE.replace("cost_center: b", 'cost_center: " "'), "cost_center", "' '", "is not empty"),
    "a place for a region": (
        BASE.replace("us-east-1", "Frankfurt"),
        "targets[0].region",
        "'Frankfurt'",
        "eu-central-1?",
    ),
    "a region's title": (BASE.replace("us-east-1", "US East (Ohio)"), "targets[0].region", "Ohio", "us-east-2?"),
    "a continent for a region": (BASE.replace("us-east-1", "Europe"), "targets[0].region", "'Europe'", "or eu-"),
    "a place for a second region": (
        f"{BASE}    replica_region: ireland\nartifact_store: {{replicated: true}}\n",
        "targets[0].replica_region",
        "ireland",
        "eu-west-1?",
    ),
    "another cloud's place": (
        BASE.partition("targets")[0]
        + f"targets: [{{cloud: azure, subscription_id: {ID}, tenant_id: {ID.replace('0', '5')}, location: London}}]\n",
        "targets[0].location",
        "'London'",
        "uksouth?",
    ),
    "a time in two units": (f"{ENDPOINT}[1, 2], startup_seconds: 2m30s}}]\n", STARTUP, "'2m30s'", "write 150"),
    "a time as a standard has it": (f"{ENDPOINT}[1, 2], startup_seconds: PT5M}}]\n", STARTUP, "'PT5M'", "write 300"),
    "a time as a clock shows it": (f'{ENDPOINT}[1, 2], startup_seconds: "0:05"}}]\n', STARTUP, "'0:05'", "write 300"),
    "a time in words": (
        f"{ENDPOINT}[1, 2], startup_seconds: 1 hour and 5 minutes}}]\n",
        STARTUP,
        "'1 hour and 5 minutes'",
        "write 3900",
    ),
    "a time that is no whole number": (
        f"{ENDPOINT}[1, 2], rollout: {{kind: canary, steps: [10], bake_minutes: 90s}}}}]\n",
        "endpoints[0].rollout.bake_minutes",
        "'90s'",
        "write 2",
    ),
    "milliseconds": (
        f"{ENDPOINT}[1, 2], slo: {{availability_percent: 99.9, latency_ms: 0.2s}}}}]\n",
        "endpoints[0].slo.latency_ms",
        "'0.2s'",
        "write 200",
    ),
    "a share of what is available": (
        f"{ENDPOINT}[1, 2], slo: {{availability_percent: 0.999}}}}]\n",
        "endpoints[0].slo.availability_percent",
        "0.999",
        "write 99.9",
    ),
    "money in thousands": (f"{ROUTE}budget: {{monthly_usd: 2k}}\n", "budget.monthly_usd", "'2k'", "write 2000"),
    "money for a part": (f"{ROUTE}budget: 2k\n", "budget", "'2k'", "write {monthly_usd: 2000}"),
    "another currency": (
        f"{ROUTE}budget: {{monthly_usd: 2000 EUR}}\n",
        "budget.monthly_usd",
        "EUR",
        "another currency",
    ),
    "an account in an ARN": (
        BASE.replace('"123456789012"', "arn:aws:iam::123456789012:root"),
        "targets[0].account_id",
        "arn:aws:iam",
        "'123456789012'",
    ),
    "a variable": (BASE.replace('"123456789012"', '"${ACCOUNT}"'), "targets[0].account_id", "${ACC", "nobody fills in"),
    "an account that is a number": (
        BASE.replace('"123456789012"', "123456789012"),
        "targets[0].account_id",
        "123456789012",
        "write it in quotes: '123456789012'",
    ),
    "a version that is a number": (
        f"{BASE}training: {{kubernetes_version: 1.30}}\n",
        "training.kubernetes_version",
        "1.3",
        "write it in quotes: '1.30'",
    ),
    "a version with its letter": (
        f"{BASE}training: {{kubernetes_version: v1.35}}\n",
        "training.kubernetes_version",
        "'v1.35'",
        "'1.35'",
    ),
    "pairs for a mapping": (f"{BASE}tags: [team=ml, tier=a]\n", "tags", "['team=ml'", 'write {team: "ml", tier: "a"}'),
    "people without a role": (
        f"{BASE}    people: [arn:aws:iam::123456789012:role/x]\n",
        "targets[0].people",
        "['arn:",
        "to which of them",
    ),
    "another word for an operator": (
        f'{BASE}    people: {{admin: ["arn:aws:iam::123456789012:role/x"]}}\n',
        "targets[0].people.admin",
        "the key 'admin'",
        "write 'operator'",
    ),
    "nobody among people": (
        f'{BASE}    people: {{operator: [""]}}\n',
        "targets[0].people.operator",
        "an empty text",
        "for example arn",
    ),
    "another word for a kind": (
        f"{BASE}monitoring: {{routes: [{{type: email, address: a@b.example}}]}}\n",
        "monitoring.routes[0].type",
        "unknown",
        "write 'kind'",
    ),
    "a kind for a field": (
        f"{BASE}monitoring: {{routes: [{{email: a@b.example}}]}}\n",
        "monitoring.routes[0].email",
        "unknown",
        'write {kind: "email", address: "a@b.example"}',
    ),
    "a word for two numbers": (f"{ENDPOINT}auto}}]\n", "endpoints[0].replicas", "'auto'", "for example [1, 4]"),
    "a network of one's own": (f"{BASE}vpc: vpc-1\n", "vpc", "unknown", "targets[].network"),
    "encryption": (f"{BASE}encryption: true\n", "encryption", "unknown", "all is encrypted"),
    "a command as one text": (
        STEP.replace("[python, t.py]", "python t.py"),
        COMMAND,
        "'python t.py'",
        '["python", "t.py"]',
    ),
    "a schedule by its name": (_schedule("@daily"), f"{SCHEDULE}.cron", "'@daily'", "write `0 0 * * *`"),
    "a schedule with seconds": (_schedule("0 0 3 * * *"), f"{SCHEDULE}.cron", "'0 0 3 * * *'", "write `0 3 * * *`"),
    "the place of a time zone": (
        _schedule("0 3 * * *", "Berlin"),
        f"{SCHEDULE}.time_zone",
        "'Berlin'",
        "Europe/Berlin",
    ),
    "a space of a web page": (BASE.replace("owner: a", "owner:\u00a0a"), "", "U+00A0", "type a space"),
}
JSON = {
    "a comma too many": ('{"name": "acme",}', "remove the comma behind the last entry"),
    "single quotes": ("{'name': 'acme'}", "write double quotes"),
    "a comment": ('{"name": "acme" // mine\n}', "remove the comment"),
    "a word of Python": ('{"name": None}', "write true, false or null"),
    "a comma too few": ('{"name": "acme" "owner": "a"}', "write the comma"),
}
PYTHON = (
    "from mlplatform import *\n"
    'platform = PlatformSpec(name="acme", environment="dev", owner="a", cost_center="b", {}\n'
    '    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),))\n'
)
IN_PYTHON = {
    "an address that is none": (
        'monitoring=MonitoringSpec(routes=(EmailRoute("nope"),)),',
        "monitoring.routes[0].address",
        "'nope'",
        "change it",
    ),
    "a part of another kind": (
        'training=GpuPoolSpec(name="a", accelerator="L4:1", max_nodes=1),',
        "training",
        "a value of type GpuPoolSpec",
        "write one of that class",
    ),
    "nothing for a part": ("registry=None,", "registry", "nothing", "write RegistrySpec(…)"),
    "a duration": (
        "endpoints=(EndpointSpec(name='e', replicas=(1, 2), rollout=CanaryRollout(steps=(10,), bake_minutes='2h')),),",
        "endpoints[0].rollout.bake_minutes",
        "'2h'",
        "write 120",
    ),
    "a set of accelerators": (
        "endpoints=(EndpointSpec(name='e', replicas=(1, 2), server='vllm', accelerator={'T4:1', 'L4:1'}),),",
        "endpoints[0].accelerator",
        "the set {'L4:1', 'T4:1'}",
        "write",
    ),
    "a class": ("training=TrainingSpec,", "training", "the class TrainingSpec itself", "TrainingSpec()"),
    "a truth for a number": (
        'training=TrainingSpec(cpu_pools=(CpuPoolSpec(name="a", max_nodes=True),)),',
        "training.cpu_pools[0].max_nodes",
        "'true'",
        "write digits",
    ),
}


def one(file: Path, text: str) -> tuple[str, str, str, int | None]:
    """Path, what was found, the fix and the line of the only problem."""
    file.write_text(text, encoding="utf-8")
    (problem,) = load(file).problems
    assert problem.expected
    return problem.path, problem.got, problem.fix, problem.line


@pytest.mark.parametrize("case", YAML)
def test_a_mistake_in_yaml_is_one_problem(case: str, tmp_path: Path) -> None:
    text, path, got, fix = YAML[case]
    found = one(tmp_path / "spec.yaml", text)
    assert found[0] == path
    assert got in found[1]
    assert fix in found[2]
    assert found[3]


@pytest.mark.parametrize("case", JSON)
def test_a_mistake_in_json_says_what_to_write(case: str, tmp_path: Path) -> None:
    text, fix = JSON[case]
    assert fix in one(tmp_path / "spec.json", text)[2]


@pytest.mark.parametrize("case", IN_PYTHON)
def test_a_mistake_in_python_is_one_problem(case: str, tmp_path: Path) -> None:
    text, path, got, fix = IN_PYTHON[case]
    found = one(tmp_path / "spec.py", PYTHON.replace("{}", text))
    assert found[0] == path
    assert got in found[1]
    assert fix in found[2]
    assert found[3] == 2


BEHIND = {
    "a comma too many": ("{},", 2, "a tuple of one", "remove the comma"),
    "several": ("{}\nplatform = [platform]", 3, "of type list", "a file of its own"),
    "an entry that is set": ('{}\nplatform["name"] = "x"', 3, "never changes", "overlay"),
    "a list that grows": ("{}\nplatform.endpoints.append(1)", 3, "'append'", "overlay(field=(*platform.field"),
    "a dataclass's copy": ("import dataclasses\n{}\ndataclasses.replace(platform, name='x')", 4, "replace", "overlay"),
    "parts in a set": (
        "{}\nplatform = platform.overlay(endpoints={EndpointSpec(name='e')})",
        3,
        "a set",
        "put them in [ ]",
    ),
    "a set whose order has a meaning": (
        '{}\nx = AwsTarget(account_id="123456789012", region="us-east-1", zones={"us-east-1b", "us-east-1a"})',
        3,
        "the set {'us-east-1a', 'us-east-1b'}",
        "write [ ] in place of { }",
    ),
    "a copy that nobody keeps": ('{}\nplatform.overlay(owner="b")', 3, "nobody keeps", "platform = platform.overlay"),
    "a copy that nobody checks": (
        '{}\nplatform = platform.model_copy(update={"name": "x y"})',
        3,
        "model_copy()",
        "overlay(field=value)",
    ),
    "a truth of YAML": ("x = true\n{}", 2, "'true', a word of YAML", "write True"),
    "nothing of JSON": ("x = null\n{}", 2, "'null', a word of YAML", "write None"),
    "a colon for a field": ("x = dict(a: 1)\n{}", 2, "invalid syntax", "write field=value"),
    "a question": ("x = input()\n{}", 2, "EOFError", "write the value"),
}


@pytest.mark.parametrize("case", BEHIND)
def test_a_mistake_beside_the_platform_is_one_problem(case: str, tmp_path: Path) -> None:
    text, line, got, fix = BEHIND[case]
    head, _, rest = PYTHON.replace("{}", "").partition("\n")
    found = one(tmp_path / "spec.py", f"{head}\n{text.replace('{}', ' '.join(rest.split()))}\n")
    assert got in found[1]
    assert fix in found[2]
    assert found[3] == line


def test_what_is_refused_in_the_base_is_told_there_alone(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(PYTHON.replace("acme", "Acme").replace("{}", ""))
    (tmp_path / "dev.py").write_text("from base import platform as base\nplatform = base.overlay(environment='dev')\n")
    (tmp_path / "own.py").write_text("from dev import platform as base\nplatform = base.overlay(owner=3)\n")
    found = [(Path(each.file or "").name, each.line, each.path) for each in load(tmp_path / "own.py").problems]
    assert found == [("own.py", 2, "owner"), ("base.py", 2, "name")]


def test_modules_that_import_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("from spec import platform\n")
    _, got, fix, _ = one(tmp_path / "spec.py", "from other import platform\n")
    assert "import each other" in got
    assert "a third module" in fix


def test_what_may_not_be_meant_is_told_beside_the_problems(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        f"{BASE.replace('owner: a', 'owner: A')}registry: {{models: [m]}}\n"
        "endpoints: [{name: e, server: triton, model: other/1, replicas: [1, 2]}]\n"
    )
    loaded = load(tmp_path / "spec.yaml")
    assert [each.path for each in loaded.problems] == ["owner"]
    said = problems_text(loaded.problems, Style(), loaded.rest)
    assert "note: endpoints[e].model: registry.models has no other" in said
    told = json.loads(document(loaded.problems, loaded.spec, loaded.rest))
    assert (told["valid"], [note["path"] for note in told["notes"]]) == (False, ["endpoints[e].model"])


def test_a_platform_that_a_file_beside_it_never_checked_is_refused(tmp_path: Path) -> None:
    unchecked = "odd = platform.model_copy(update={'name': 'x y', 'budget': 3})"
    (tmp_path / "shared.py").write_text(PYTHON.replace("{}", "") + f"\n{unchecked}\n")
    (tmp_path / "own.py").write_text("from shared import odd\n\nplatform = odd\n")
    found = [(Path(each.file or "").name, each.line, each.path) for each in load(tmp_path / "own.py").problems]
    assert found == [("own.py", 3, "name"), ("own.py", 3, "budget")]
