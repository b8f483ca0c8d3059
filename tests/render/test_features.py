"""The feature store as a repository of Feast. That Feast itself takes it is in tests/proofs/feast."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.render.features.lookup import online_values, skew, training_rows

from ..conftest import CLOUDS, ROOT

EXAMPLE = ROOT / "examples" / "features" / "platform.yaml"


def render(spec: Mapping[str, object], folder: Path, cloud: str = "aws") -> tuple[int, str]:
    file = folder / "spec.yaml"
    file.write_text(yaml.safe_dump(dict(spec), sort_keys=False), encoding="utf-8")
    done = CliRunner().invoke(cli, ["render", "features", str(file), "--target", cloud, "--out", str(folder / "out")])
    return done.exit_code, done.output


@pytest.fixture
def spec() -> dict[str, object]:
    return yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))


def change(spec: dict[str, object], at: str, to: object) -> dict[str, object]:
    """The spec with one value changed; `at` has indices as numbers."""
    changed: Any = copy.deepcopy(spec)
    *path, last = [int(part) if part.isdigit() else part for part in at.split(".")]
    inside = changed
    for part in path:
        inside = inside[part]
    inside[last] = to
    return changed


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_registry_is_in_the_place_of_features(cloud: str, spec: dict[str, object], tmp_path: Path) -> None:
    code, text = render(spec, tmp_path, cloud)
    assert code == 0, text
    configuration = yaml.safe_load((tmp_path / "out" / "feature_store.yaml").read_text("utf-8"))
    scheme = {"aws": "s3://", "gcp": "gs://", "azure": "https://"}[cloud]
    path: str = configuration["registry"]["path"]
    assert path.startswith(scheme)
    assert path.endswith("/feast/registry.db")
    assert "features" in path.removesuffix("/feast/registry.db")
    assert configuration["offline_store"] == {"type": "duckdb"}
    # without the class, Feast looks for the file on the disk
    assert ("registry_store_type" in configuration["registry"]) == (cloud == "azure")
    assert f"feast[duckdb,{cloud}]==" in (tmp_path / "out" / "requirements.in").read_text("utf-8")


ONLINE = {
    "aws": ("dynamodb", "aws"),
    "gcp": ("datastore", "gcp"),
    "azure": ("entra_redis.EntraRedisOnlineStore", "azure,redis"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_groups_online_are_looked_up_in_what_the_platform_makes(
    cloud: str, spec: dict[str, object], tmp_path: Path
) -> None:
    kind, extras = ONLINE[cloud]
    code, text = render(change(spec, "feature_store.groups.0.online", to=True), tmp_path, cloud)
    assert code == 0, text
    out = tmp_path / "out"
    store = yaml.safe_load((out / "feature_store.yaml").read_text("utf-8"))["online_store"]
    assert store["type"] == kind
    assert "password" not in str(store)
    assert f"feast[duckdb,{extras}]==" in (out / "requirements.in").read_text("utf-8")
    # a class that is not Feast's own is a file beside the configuration
    module = kind.partition(".")[0]
    assert (out / f"{module}.py").exists() == ("." in kind)
    for file in out.glob("*.py"):
        ast.parse(file.read_text("utf-8"))


def test_production_has_the_features_of_its_fraud_team_on_every_cloud(tmp_path: Path) -> None:
    written: set[str] = set()
    for cloud in CLOUDS:
        folder = tmp_path / cloud
        done = CliRunner().invoke(cli, ["render", "features", "prod", "--target", cloud, "--out", str(folder)])
        assert done.exit_code == 0, done.output
        written.add((folder / "definitions.py").read_text("utf-8"))
    # one definition, wherever the model is trained
    (text,) = written
    assert 'name="fraud_scorer"' in text


def test_the_order_in_the_spec_changes_no_file(spec: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert render(spec, tmp_path / "one")[0] == 0
    store: Any = copy.deepcopy(spec)["feature_store"]
    for name in ("entities", "groups"):
        store[name].reverse()
    for group in store["groups"]:
        group["features"].reverse()
    assert render({**spec, "feature_store": store}, tmp_path / "two")[0] == 0
    for file in ("definitions.py", "feature_store.yaml"):
        assert (tmp_path / "one/out" / file).read_text("utf-8") == (tmp_path / "two/out" / file).read_text("utf-8")


def test_every_field_is_in_the_definitions(spec: dict[str, object], tmp_path: Path) -> None:
    render(spec, tmp_path)
    before = (tmp_path / "out" / "definitions.py").read_text("utf-8")
    ast.parse(before)
    group = "feature_store.groups.0"
    for at, to in {
        "feature_store.entities.0.key": "id",
        "feature_store.entities.0.type": "int64",
        f"{group}.timestamp": "true_from",
        f"{group}.created": "made_at",
        f"{group}.ttl_hours": 24,
        f"{group}.features.0.type": "float32",
        "feature_store.services.0.name": "other",
        "feature_store.services.0.features": ["customer_spend:country"],
    }.items():
        code, text = render(change(spec, at, to), tmp_path)
        assert code == 0, text
        assert (tmp_path / "out" / "definitions.py").read_text("utf-8") != before, at


GROUP = {"name": "more", "entities": ["customer"], "features": [{"name": "amount_7d", "type": "int64"}]}


@pytest.mark.parametrize(
    ("at", "to", "words"),
    [
        ("feature_store.groups.0.entities", ["custome"], "feature_store.groups[0].entities[0]"),
        ("feature_store.groups.0.entities", ["customer", "customer"], "feature_store.groups[0].entities[1]"),
        ("feature_store.groups.1.name", "customer_spend", "feature_store.groups[1].name"),
        ("feature_store.entities.1.name", "customer", "feature_store.entities[1].name"),
        ("feature_store.groups.0.features.0.name", "customer_id", "the entity customer is in customer_id"),
        ("feature_store.groups.0.features.0.name", "written_at", "the group's created is in written_at"),
        ("feature_store.groups.0.features.0.name", "country", "feature_store.groups[0].features[2].name"),
        # a row that asks for both groups would have the name twice, and an answer of Feast's has amount__ts of its own
        ("feature_store.groups.0.features.0.name", "merchant_id", "the key of the entity merchant is in merchant_id"),
        ("feature_store.groups.0.features.0.name", "amount__ts", "feature_store.groups[0].features[0].name"),
        ("feature_store.groups.0.created", "event_timestamp", "the group's timestamp is in event_timestamp"),
        ("feature_store.groups.0.timestamp", "customer_id", "feature_store.groups[0].timestamp"),
        ("feature_store.groups.0.features.0.name", "class:x", "feature_store.groups[0].features[0].name"),
        ("feature_store.services.0.features", ["customer_spend:amount"], "write customer_spend:amount_7d"),
        ("feature_store.services.0.features", ["customer_spend", "customer_spend:country"], "each name once"),
        ("feature_store.groups", [GROUP], "services[0].features[0]"),
        ("artifact_store.features", {"retention": "ephemeral"}, "artifact_store.features.retention"),
        ("artifact_store.features", {"worm": {"days": 9}}, "artifact_store.features.worm"),
    ],
)
def test_what_would_be_wrong_is_refused(
    at: str, to: object, words: str, spec: dict[str, object], tmp_path: Path
) -> None:
    code, text = render(change(spec, at, to), tmp_path)
    assert (code, words in text) == (2, True), text
    assert not (tmp_path / "out").exists()


def test_two_groups_with_one_column_are_not_one_service(spec: dict[str, object], tmp_path: Path) -> None:
    store: Any = copy.deepcopy(spec)["feature_store"]
    store["groups"].append(GROUP)
    # two groups may have the name; a model that asks for both could not tell them apart
    assert render({**spec, "feature_store": store}, tmp_path)[0] == 0
    store["services"][0]["features"] = ["customer_spend", "more"]
    code, text = render({**spec, "feature_store": store}, tmp_path)
    assert code == 2
    assert "amount_7d of customer_spend is there already" in " ".join(text.split())


def test_a_file_of_somebody_else_stays(spec: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "lookup.py").write_text("mine = 1\n", encoding="utf-8")
    code, text = render(spec, tmp_path)
    assert code != 0
    assert "lookup.py" in text
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["lookup.py"]


def test_a_platform_without_features_is_refused(spec: dict[str, object], tmp_path: Path) -> None:
    code, text = render({key: value for key, value in spec.items() if key != "feature_store"}, tmp_path)
    assert (code, "feature_store" in text) == (2, True)


NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Rows(list[dict[str, object]]):
    """As much of a data frame as the look-ups use."""

    def to_dict(self, orient: str) -> list[dict[str, object]]:
        assert orient == "records"
        return list(self)


class FakeStore:
    """Two features of one group that is believed for a day; what Feast does by itself is in tests/proofs/feast."""

    def __init__(self, joined: Rows, online: dict[str, list[object]]) -> None:
        self._joined, self._online = joined, online
        self.by_created: list[bool] = []

    def get_feature_service(self, name: str) -> SimpleNamespace:
        fields = [SimpleNamespace(name="amount"), SimpleNamespace(name="country")]
        return SimpleNamespace(name=name, feature_view_projections=[SimpleNamespace(name="spend", features=fields)])

    def get_feature_view(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(name=name, ttl=timedelta(days=1), join_keys=["id"])

    def get_historical_features(
        self, *, entity_df: object, features: object, filter_by_created_timestamp: bool
    ) -> SimpleNamespace:
        del entity_df, features
        self.by_created.append(filter_by_created_timestamp)
        return SimpleNamespace(to_df=lambda: self._joined)

    def get_online_features(self, *, features: object, entity_rows: object) -> SimpleNamespace:
        del features, entity_rows
        return SimpleNamespace(
            to_dict=lambda include_event_timestamps: self._online if include_event_timestamps else {}
        )


def fake(online: list[float | None], hours: int = 1) -> Any:  # noqa: ANN401 - as much of a store as is used
    at = [int((NOW - timedelta(hours=hours)).timestamp())] * 2
    columns: dict[str, list[object]] = {
        "amount": [*online],
        "amount__ts": [*at],
        "country": ["CH", None],
        "country__ts": [*at],
    }
    joined = Rows([{"id": "b", "amount": float("nan"), "country": None}, {"id": "a", "amount": 0.1, "country": "CH"}])
    return FakeStore(joined, columns)


ASKED = Rows([{"id": "a"}, {"id": "b"}])


def test_a_missing_row_and_a_later_value_do_not_pass() -> None:
    store = fake([0.1, None])
    assert len(training_rows(store, "s", ASKED)) == 2
    assert store.by_created == [True]
    with pytest.raises(ValueError, match="got 2 rows with features, expected 1"):
        training_rows(store, "s", Rows(ASKED[:1]))


def test_a_value_online_is_not_older_than_it_is_believed() -> None:
    fresh = online_values(fake([0.1, None]), "s", [{"id": "a"}, {"id": "b"}], NOW)
    assert [row["amount"] for row in fresh] == [0.1, None]
    old = online_values(fake([0.1, None], hours=25), "s", [{"id": "a"}, {"id": "b"}], NOW)
    assert [row["amount"] for row in old] == [None, None]


def test_no_key_is_no_question() -> None:
    assert online_values(fake([0.1, None]), "s", [], NOW) == []


def test_skew_is_the_share_of_rows_that_differ() -> None:
    # 32 bits, another order and another kind of nothing are no difference
    same = skew(fake([0.10000000149011612, None]), "s", ASKED, NOW)
    assert same == {"amount": 0.0, "country": 0.0}
    assert skew(fake([0.2, 0.0]), "s", ASKED, NOW)["amount"] == 1.0
    for rows in (Rows(), Rows([{"id": "a"}, {"id": "a"}])):
        with pytest.raises(ValueError, match="expected"):
            skew(fake([0.1, None]), "s", rows, NOW)
