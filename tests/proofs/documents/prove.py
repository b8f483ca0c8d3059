"""Documents and small languages in strings, each read by its vendor's reader or the best published one.

Each reader is first given something wrong: one that accepts everything would prove nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cel
import cfnlint
import isodate
from croniter import croniter
from dateutil.rrule import rrulestr
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.protobuf import json_format
from policy_sentry.querying.actions import get_action_data
from policy_sentry.querying.all import get_all_service_prefixes

Item = dict[str, Any]

CLAIMS = {
    "sub": "repo:acme/ml-platform:ref:refs/heads/main",
    "repository": "acme/ml-platform",
    "repository_id": "1",
    "repository_owner": "acme",
    "repository_owner_id": "2",
    "ref": "refs/heads/main",
    "environment": "prod",
    "aud": "x",
}
"""Claims of a token: https://docs.github.com/actions/reference/security/oidc"""

BOTTLEROCKET = {"bootstrap-commands", "kernel", "kubelet-device-plugins", "kubernetes", "host-containers"}
"""Settings of Bottlerocket that the platform may write: https://bottlerocket.dev/en/os/latest/#/api/settings/"""


def read_dashboard(text: str) -> None:
    """Google's own message: unknown fields and wrong types are refused."""
    json_format.Parse(text, Dashboard.pb(Dashboard()))


def read_cel(text: str) -> None:
    """A condition or mapping over a token's claims, or a condition of IAM over an object."""
    context = cel.Context({"assertion": CLAIMS, "resource": {"name": "projects/_/buckets/b/objects/o"}, "api": {}})
    context.add_function("getAttribute", lambda _, __, default: default)
    cel.evaluate(text, context)


def read_cron(text: str) -> None:
    """Cron's five fields, or the schedule expressions of AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/"""
    if found := re.fullmatch(r"cron\((.*)\)", text):
        # AWS adds a year and writes `?` where cron writes `*`
        fields = found[1].split()
        if len(fields) != 6:
            raise ValueError(f"{len(fields)} fields, expected 6")
        text = " ".join(fields[:5]).replace("?", "*")
    elif found := re.fullmatch(r"rate\((\d+) (minute|hour|day)(s?)\)", text):
        if (int(found[1]) == 1) == bool(found[3]):
            raise ValueError("the unit's number does not agree")
        return
    elif re.fullmatch(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)", text):
        return
    if not croniter.is_valid(text):
        raise ValueError("croniter refuses it")


def read_duration(text: str) -> None:
    """ISO 8601."""
    isodate.parse_duration(text)


def read_recurrence(text: str) -> None:
    """iCalendar."""
    rrulestr(text)


def read_settings(text: str) -> None:
    """Bottlerocket: TOML, only `settings`, only groups that it has."""
    document = tomllib.loads(text)
    if set(document) != {"settings"} or set(document["settings"]) - BOTTLEROCKET:
        raise ValueError(f"unknown settings: {sorted(document)}, {sorted(document.get('settings', {}))}")


def read_shell(text: str) -> None:
    """A POSIX shell, checked by shellcheck."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # SC2006: backquotes, because Cloud Run reads a dollar sign with a parenthesis as its own variable
        # SC2154: variables of the container's environment
        command = ["shellcheck", "--shell=sh", "--severity=warning", "--exclude=SC2006,SC2154", file.name]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise ValueError(done.stdout.strip())


def read_claims(text: str) -> None:
    """Grafana: a JSON object of claims, https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/jwt/"""
    document = json.loads(text)
    if not isinstance(document, dict) or not all(isinstance(value, str | list) for value in document.values()):
        raise TypeError("not an object of claims")


READERS: dict[str, tuple[Callable[[str], None], str]] = {
    "Cloud Monitoring dashboards (JSON)": (read_dashboard, '{"displayNam": "a"}'),
    "CEL": (read_cel, "assertion.sub =="),
    "cron expressions": (read_cron, "0 3 * * 9"),
    "ISO 8601 durations": (read_duration, "PT5X"),
    "iCalendar recurrences": (read_recurrence, "FREQ=WEEKLY;BYDAY=XX"),
    "Bottlerocket settings (TOML)": (read_settings, "[settings.kernell]\n"),
    "shell": (read_shell, "while true; do echo; "),
    "Grafana's expected JWT claims (JSON)": (read_claims, "[1]"),
    "Python": (lambda text: compile(text, "planned", "exec") and None, "def f(:"),
    "JSON": (lambda text: json.loads(text) and None, "{"),
}
"""By language: its reader, and what it must refuse."""

DOCUMENTS: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "iam:Role": ("AWS::IAM::Role", "assumeRolePolicy", "AssumeRolePolicyDocument", {}),
    "iam:RolePolicy": ("AWS::IAM::RolePolicy", "policy", "PolicyDocument", {"RoleName": "role"}),
    "iam:Policy": ("AWS::IAM::ManagedPolicy", "policy", "PolicyDocument", {}),
    "kms:Key": ("AWS::KMS::Key", "policy", "KeyPolicy", {}),
    "s3:BucketPolicy": ("AWS::S3::BucketPolicy", "policy", "PolicyDocument", {"Bucket": "bucket"}),
    "sns:TopicPolicy": ("AWS::SNS::TopicPolicy", "policy", "PolicyDocument", {"Topics": ["arn:aws:sns:a:b:c"]}),
    "sqs:QueuePolicy": ("AWS::SQS::QueuePolicy", "policy", "PolicyDocument", {"Queues": ["https://a/b"]}),
    "cloudwatch:EventRule": ("AWS::Events::Rule", "eventPattern", "EventPattern", {}),
}
"""Types whose document cfn-lint reads: CloudFormation's type, our property, its property, what else it requires."""

_NAMES = {"AWS::IAM::RolePolicy": "PolicyName", "AWS::S3::BucketPolicy": "Bucket"}
"""What must differ between resources of a type."""


def lint(resources: dict[str, Item]) -> list[str]:
    """What cfn-lint says of resources, as a template."""
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    found = cfnlint.lint(template, None, ["us-east-1"])
    return [f"{match.rule.id} {match.message} at {'/'.join(map(str, match.path or ()))}" for match in found]


def template_of(resources: list[Item]) -> tuple[dict[str, Item], dict[str, str]]:
    """The planned resources as a template's, and where each comes from."""
    found: dict[str, Item] = {}
    where: dict[str, str] = {}
    texts: set[tuple[str, str]] = set()
    for resource in resources:
        inputs, kind = resource["inputs"], resource["type"]
        if kind == "cloudcontrol:Resource":
            text, made = inputs["desiredState"], {"Type": inputs["typeName"]}
            made["Properties"] = json.loads(text)
        elif kind in DOCUMENTS and DOCUMENTS[kind][1] in inputs:
            name, ours, theirs, rest = DOCUMENTS[kind]
            text = inputs[ours]
            made = {"Type": name, "Properties": {**rest, theirs: json.loads(text)}}
        else:
            continue
        if (kind, text) in texts:
            continue
        texts.add((kind, text))
        logical = f"R{len(found)}"
        if differs := _NAMES.get(made["Type"]):
            made["Properties"][differs] = f"name-{len(found)}"
        found[logical] = made
        where[logical] = f"{resource['spec']} {resource['name']}"
    return found, where


def unknown_actions(resources: list[Item]) -> tuple[list[str], int]:
    """Actions of policies that the Service Authorization Reference does not have."""
    actions: dict[str, str] = {}
    for resource in resources:
        for key in ("policy", "assumeRolePolicy"):
            text = resource["inputs"].get(key)
            if resource["cloud"] != "aws" or not isinstance(text, str):
                continue
            statements = json.loads(text).get("Statement", ())
            for statement in [statements] if isinstance(statements, dict) else statements:
                named = statement.get("Action", statement.get("NotAction", ()))
                for action in [named] if isinstance(named, str) else named:
                    actions.setdefault(action, f"{resource['spec']} {resource['name']}")
    prefixes = set(get_all_service_prefixes())
    failures: list[str] = []
    for action, where in sorted(actions.items()):
        if action == "*":
            continue
        service, _, name = action.partition(":")
        known = service in prefixes and ("*" in name or get_action_data(service, name))
        if not known:
            failures.append(f"{where}: no action {action}")
    return failures, len(actions)


def main() -> int:
    """Read everything; the exit code is not zero if anything is refused."""
    planned = json.loads(Path(os.environ["MLPLATFORM_PLANNED"]).read_text(encoding="utf-8"))
    failures: list[str] = []
    counts: Counter[str] = Counter()
    for language, (read, wrong) in READERS.items():
        try:
            read(wrong)
        except Exception:
            pass
        else:
            failures.append(f"the reader of {language} accepts {wrong!r}")
    for item in planned["strings"]:
        if item["language"] not in READERS:
            continue
        counts[item["language"]] += 1
        try:
            READERS[item["language"]][0](item["text"])
        except Exception as error:
            where = f"{item['cloud']} {item['spec']} {item['name']} {item['path']}"
            failures.append(f"{where}: {item['text'][:200]!r} is not {item['language']}: {error}")
    failures += [f"no plan has {language}" for language in READERS if not counts[language]]

    wrong_policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Alow", "Action": "s3:*", "Resource": "*"}]}
    properties = {"RoleName": "a", "PolicyName": "b", "PolicyDocument": wrong_policy}
    if not lint({"Wrong": {"Type": "AWS::IAM::RolePolicy", "Properties": properties}}):
        failures.append("cfn-lint accepts a policy with the effect 'Alow'")
    resources, where = template_of(planned["resources"])
    for said in lint(resources):
        logical = re.search(r"Resources/(R\d+)", said)
        failures.append(f"{where.get(logical[1], '') if logical else ''}: {said}")
    unknown, actions = unknown_actions(planned["resources"])
    failures += unknown
    print("\n".join(failures))
    read = ", ".join(f"{count} {language}" for language, count in sorted(counts.items()))
    print(f"{read}; {len(resources)} documents of AWS, {actions} actions")
    return 1 if failures or not resources or not actions else 0


if __name__ == "__main__":
    sys.exit(main())
