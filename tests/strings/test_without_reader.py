"""What is checked of the languages that nothing published reads (`NO_READER` in readers.py).

CloudWatch's maths and alarm rules have, as far as the platform writes them, the form of Python's expressions: Python's
own parser finds what is not closed, and names every identifier and function.
"""

from __future__ import annotations

import ast
import re

import pytest
import yaml

from mlplatform.plan.model import Plan

from .collect import planned
from .languages import Language
from .specs import plan_of

FUNCTIONS = {"ABS", "AVG", "CEIL", "FILL", "FLOOR", "IF", "MAX", "MIN", "RATE", "SERVICE_QUOTA", "SUM"}
"""Functions of metric maths that the platform may use:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"""

STATES = {"ALARM", "OK", "INSUFFICIENT_DATA"}
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"""

TASK, STEP = (
    {"version", "steps", "stepTimeout", "env", "secrets"},
    {"cmd", "timeout", "disableWorkingDirectoryOverride"},
)
"""https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml"""


@pytest.fixture(scope="module")
def aws() -> Plan:
    return plan_of("wide", "aws")


def maths_faults(text: str, known: set[str]) -> list[str]:
    """What is wrong with an expression over these ids."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        return [f"{text}: {error.msg}"]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - called
    wrong = sorted((called - FUNCTIONS) | (named - known))
    return [f"{text}: {wrong} is neither a function nor an id of the alarm"] if wrong else []


def rule_faults(text: str, alarms: set[str]) -> list[str]:
    """What is wrong with an alarm rule of a plan with these alarms."""
    try:
        tree = ast.parse(re.sub(r"\b(AND|OR|NOT)\b", lambda word: word[0].lower(), text), mode="eval")
    except SyntaxError as error:
        return [f"{text}: {error.msg}"]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    states = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    named = {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}
    return [f"{text}: {wrong}" for wrong in sorted((states - STATES) | {str(name) for name in named - alarms})]


def test_metric_maths_names_what_its_alarm_has(aws: Plan) -> None:
    seen = 0
    for step in aws.of_type("aws:cloudwatch/metricAlarm:MetricAlarm"):
        queries = step.inputs.get("metricQueries", ())
        known = {query["id"] for query in queries}
        for query in queries:
            if text := query.get("expression"):
                seen += 1
                assert maths_faults(text, known) == [], step.name
    assert seen > 5


@pytest.mark.parametrize("text", ["100 * (a / b", "FIL(a, 0)", "a / c", "a b"])
def test_wrong_maths_is_found(text: str) -> None:
    assert maths_faults(text, {"a", "b"})


def test_composite_alarms_name_alarms_of_the_plan(aws: Plan) -> None:
    alarms = {str(step.inputs["name"]) for step in aws.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    alarms |= {str(step.inputs["alarmName"]) for step in aws.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")}
    rules = aws.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")
    assert rules
    for step in rules:
        assert rule_faults(str(step.inputs["alarmRule"]), alarms) == [], step.name


@pytest.mark.parametrize("text", ['ALARM("a") AND', 'ALERT("a")', 'ALARM("b")', 'ALARM("a") ALARM("a")'])
def test_wrong_rules_are_found(text: str) -> None:
    assert rule_faults(text, {"a"})


def test_tasks_have_the_elements_of_a_task() -> None:
    plan = plan_of("wide", "azure")
    tasks = [item.text for item in planned(plan, "wide", "azure") if item.language == Language.ACR_TASK]
    assert tasks
    for text in tasks:
        task = yaml.safe_load(text)
        assert set(task) <= TASK
        assert all(set(step) <= STEP and step["cmd"] for step in task["steps"])
