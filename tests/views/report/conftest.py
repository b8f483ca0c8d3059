"""A page about two stacks: a large one with hostile names, and a small one that changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mlplatform.checks.gate import gate_plan
from mlplatform.plan.cost import estimate
from mlplatform.plan.diff import diff
from mlplatform.plan.matrix import Matrix, MatrixCell, MatrixRow
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, Plan, PlanNote, Step
from mlplatform.review import review
from mlplatform.views.report.report import ReportSubject, report_document
from mlplatform.views.report.stack import ReportStack

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"' & {{ 7 * 7 }} \u2028"
SECRETS = ("the-secret-itself", "AKIAIOSFODNN7EXAMPLE")
COUNT = 2_000
ROOT = "urn:pulumi:big::p::mlplatform:index:Platform"
KINDS = ("Network", "Keys", "ArtifactStore", "Cluster", "Endpoint", "Monitoring")


def _now() -> date:
    return date(2026, 11, 1)


def _big() -> Plan:
    platform = Step("create", f"{ROOT}::acme", "mlplatform:index:Platform", "acme", False, {})
    owners = [
        Step("create", f"{ROOT}::acme-part-{n}", kind, f"acme-part-{n}", False, {}, parent=platform.urn)
        for n, kind in enumerate(f"mlplatform:index:{name}" for name in KINDS * 3)
    ]
    steps = [
        Step(
            "create",
            f"{ROOT}::acme-thing-{n:04}",
            ("aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:cloudwatch/metricAlarm:MetricAlarm")[n % 3],
            f"acme-thing-{n:04}",
            True,
            {"name": f"thing-{n}", "policy": '{"Statement": [{"Effect": "Allow"}]}', "size": float(n)},
            parent=owners[n % len(owners)].urn,
            dependencies=(f"{ROOT}::acme-thing-{n - 20:04}",) if n > 20 else (),
        )
        for n in range(COUNT - 1)
    ]
    secret = {SIGNATURE: SECRET_SIGNATURE, "value": SECRETS[0]}
    inputs = {HOSTILE: HOSTILE, "password": secret, "script": f"export KEY={SECRETS[1]}"}
    odd = Step("create", f"{ROOT}::{HOSTILE}", "aws:s3/bucket:Bucket", HOSTILE, True, inputs, parent=owners[2].urn)
    return Plan("aws", "p", f"big {HOSTILE}", (platform, *owners, *steps, odd), notes=(PlanNote(HOSTILE, HOSTILE),))


def _small(size: int) -> Plan:
    store, watch = "aws:s3/bucket:Bucket", "aws:cloudwatch/metricAlarm:MetricAlarm"
    bucket = Step("create", f"urn:pulumi:small::p::{store}::data", store, "data", True, {})
    alarm = Step("create", f"urn:pulumi:small::p::{watch}::alarm", watch, "alarm", True, {"threshold": float(size)})
    return Plan("aws", "p", "small", (bucket, alarm) if size == 1 else (alarm,))


def subject() -> ReportSubject:
    """What the page is about."""
    big, change = _big(), diff(_small(1), _small(2))
    found = review(change, now=_now)
    matrix = Matrix(
        ("aws", "gcp"),
        ("AWS", "GCP"),
        (
            MatrixRow("name", (MatrixCell("yes"), MatrixCell("yes"))),
            MatrixRow("x", (MatrixCell("no", HOSTILE, HOSTILE), MatrixCell("partial", "why", "what"))),
        ),
    )
    parts = (
        ReportStack(HOSTILE, "AWS", big, gate_plan(big, now=_now), estimate(big, today=_now())),
        ReportStack("small", "AWS", change.after, gate_plan(change.after, now=_now), found.cost.after, found),
    )
    return ReportSubject(parts, matrix, HOSTILE, (("Made from", HOSTILE),))


@pytest.fixture(scope="session")
def page(root: Path) -> str:
    """The page."""
    return report_document(subject(), root / "templates")


@pytest.fixture(scope="session")
def again(root: Path) -> Callable[[], str]:
    """Makes the page once more."""
    return lambda: report_document(subject(), root / "templates")
