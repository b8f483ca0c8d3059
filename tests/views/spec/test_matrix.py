"""The parity matrix comes from what backends declare and read, and has no cell without a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.plan import reads as reading
from mlplatform.plan.matrix import Matrix, build_matrix, spec_fields
from mlplatform.views.spec import matrix as view
from mlplatform.views.style import Style


@pytest.fixture(scope="module")
def found() -> Matrix:
    return build_matrix()


def test_rows_are_the_fields_of_the_spec(found: Matrix) -> None:
    paths = [row.path for row in found.rows]
    assert len(set(paths)) == len(paths)
    for path in (
        "name",
        "network.cidr",
        "artifact_store.data.worm.days",
        "training.pools.accelerator",
        "training.pools.capacity=capacity-block",
        "endpoints.rollout=canary",
        "endpoints.rollout.steps",
        "endpoints.shadow.sample_percent",
        "monitoring.routes=slack",
        "targets.account_id",
        "targets.pools.capacity",
    ):
        assert path in paths
    assert "targets.pools.capacity.count" not in paths


def test_every_field_is_honoured_or_refused_with_a_reason(found: Matrix) -> None:
    assert found.gaps() == ()


@pytest.mark.parametrize("cloud", discovery.clouds())
def test_limits_name_fields_that_exist(cloud: str) -> None:
    known = {field.path for field in spec_fields()}
    assert [limit.field for limit in discovery.backend(cloud).limits if limit.field not in known] == []


def test_a_cloud_has_no_say_in_anothers_target(found: Matrix) -> None:
    row = next(row for row in found.rows if row.path == "targets.account_id")
    support = dict(zip(found.clouds, (cell.support for cell in row.cells), strict=True))
    assert support["aws"] == "yes"
    assert support["gcp"] == support["azure"] == "other"


def test_a_field_that_nothing_reads_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "toy_backend"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "network.py").write_text("def build(spec):\n    return spec.private_endpoints\n")
    (package / "limits.py").write_text("def check(spec) -> list[Problem]:\n    return spec.keep_images\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    read = reading.find_reads("toy_backend")
    assert "private_endpoints" in read.attributes
    assert "keep_images" not in read.attributes, "what only refuses does not honour what it reads"


def test_views(found: Matrix) -> None:
    text = view.text(found, Style())
    assert text.splitlines()[0].split() == ["Field", *found.titles]
    assert "No support, or only in part" in text
    data = json.loads(json.dumps(view.body(found)))
    assert data["clouds"] == list(found.clouds)
    assert len(data["fields"]) == len(found.rows)
    head, _, table = view.markdown(found).partition("\n| Field | ")
    assert head.startswith("# ")
    assert table.startswith(" | ".join(found.titles))


def test_the_page_is_current(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mlplatform", "matrix", "--format", "markdown"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert (root / "docs" / "parity.md").read_text(encoding="utf-8") == done.stdout, "run make goldens"


def test_the_matrix_says_why_a_program_is_no_add_on(root: Path) -> None:
    page, guide = ((root / "docs" / name).read_text("utf-8") for name in ("parity.md", "cluster.md"))
    for name in ("Airflow", "Databricks", "H2O.ai", "Kubeflow Pipelines", "MLflow", "KServe"):
        assert f"- **cluster.addons, {name}**: " in page
        assert name in guide.partition("## Which add-ons there are not")[2].partition("\n## ")[0]
