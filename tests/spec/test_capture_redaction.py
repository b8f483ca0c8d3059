"""What is refused of `redact`: rules that remove nothing, that cannot run, or that take away what the monitor needs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlplatform import PlatformSpec
from mlplatform.spec.capture_redaction import redaction_image
from mlplatform.spec.redaction_job import redaction_job

from .test_model_monitor import ENDPOINT, GCP, MONITOR, refused, spec

RULES: Mapping[str, object] = {"kinds": ["email"], "image": "acme/steps:1"}


def redacted(
    rules: Mapping[str, object], monitor: Mapping[str, object] | None = None, **more: object
) -> dict[str, str]:
    return refused(monitor or {}, {"redact": {**RULES, **rules}, **more})


@pytest.mark.parametrize(
    ("rules", "field", "words"),
    [
        ({"kinds": []}, "redact", "to remove"),
        ({"patterns": ["("]}, "patterns.0", "regular expression"),
        ({"patterns": ["a*"]}, "patterns.0", "found everywhere"),
        ({"fields": ["Name", "name"]}, "fields.1", "no other"),
        ({"kinds": ["names"]}, "kinds.0", "Input should be"),
        ({"fields": ["Amount"]}, "redact.fields.0", "an input"),
        ({"fields": ["score"]}, "redact.fields.0", "its score"),
    ],
)
def test_rules_that_cannot_do_what_they_say_are_refused(rules: Mapping[str, object], field: str, words: str) -> None:
    found = redacted(rules)
    assert any(path.endswith(field) and words in text for path, text in found.items()), found


def test_the_id_of_a_row_stays_where_labels_are_joined_by_it() -> None:
    assert redacted({"fields": ["id"]}, {"labels": {"path": "labels"}})
    assert spec({}, {"redact": {**RULES, "fields": ["id"]}})


def test_without_captures_and_without_an_image_it_is_refused() -> None:
    served = {**ENDPOINT, "capture_percent": 0, "redact": {"kinds": ["email"]}}
    ground = {"name": "acme", "owner": "ml", "cost_center": "1", "targets": [GCP]}
    with pytest.raises(Exception) as found:  # noqa: PT011 - both problems are one error
        PlatformSpec.model_validate({**ground, "endpoints": [served]})
    assert "without capture_percent nothing is stored" in str(found.value)
    assert "mlplatform-redact" in str(found.value)


def test_a_target_that_keeps_nothing_redacts_nothing() -> None:
    target = {**GCP, "endpoints": {"scorer": {"capture_percent": 0, "monitor": "none"}}}
    narrowed = spec({}, {"redact": RULES}, targets=[target]).on("gcp")
    assert narrowed.endpoints[0].redact is None


def test_the_image_is_the_monitors_where_none_is_named() -> None:
    given = spec({}, {"redact": {"kinds": ["email"]}}).on("gcp")
    assert redaction_image(given.endpoints[0], given) == MONITOR["image"]
    without = {**GCP, "endpoints": {"scorer": {"monitor": "none"}}}
    assert "gcp has no monitor" in str(refused({}, {"redact": {"kinds": ["email"]}}, targets=[without]))


def test_the_program_knows_the_order_of_the_inputs() -> None:
    (endpoint,) = spec({}, {"redact": RULES}).endpoints
    job = redaction_job(endpoint)
    assert job is not None
    assert job.columns == ("amount",)
