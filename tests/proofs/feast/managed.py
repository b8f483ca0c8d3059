"""Feast with the stores that the clouds' own feature stores have, against services in memory that check the requests.

What SageMaker is sent goes through the SDK's own model of the service, so that a field that it does not have, or has in
another form, is an error. What Vertex AI and BigQuery are sent is held to the fields that their pages name.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pandas as pd
import sqlglot
import yaml
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from feast import FeatureStore
from feast.infra.provider import get_provider
from feast.repo_operations import apply_total

Expect = Callable[[str, object, object], None]
SERVICE = "fraud_scorer"


class RawBytes:
    """The body of an answer, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """All of it."""
        yield self._body


class SageMaker:
    """The records of feature groups: of two records of a key the one of the later moment stays."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], dict[str, str]] = {}
        self.puts = 0
        self.leave_out = 1
        """Look-ups that leave their last key out of the answer."""

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """What the service says to a request."""
        body = json.loads(request.body)
        if request.method == "PUT":
            said = self.put(request.url.rpartition("/")[2], body["Record"])
        else:
            said = self.get(body["Identifiers"])
        return AWSResponse(request.url, 200, {"content-type": "application/json"}, RawBytes(json.dumps(said).encode()))

    def put(self, group: str, given: list[dict[str, str]]) -> dict[str, Any]:
        """PutRecord, a request for each record."""
        record = {each["FeatureName"]: each["ValueAsString"] for each in given}
        self.puts += 1
        key = (group, record[next(iter(record))])
        if float(record["event_timestamp"]) >= float(self.records.get(key, record)["event_timestamp"]):
            self.records[key] = record
        return {}

    def get(self, identifiers: list[dict[str, Any]]) -> dict[str, Any]:
        """BatchGetRecord, with the features that are asked for alone."""
        (asked,) = identifiers
        keys: list[str] = asked["RecordIdentifiersValueAsString"]
        left: list[dict[str, Any]] = []
        if self.leave_out and len(keys) > 1:
            self.leave_out -= 1
            left = [{**asked, "RecordIdentifiersValueAsString": keys[-1:]}]
            keys = keys[:-1]
        records: list[dict[str, Any]] = []
        for key in keys:
            record = self.records.get((asked["FeatureGroupName"], key))
            if record is not None:
                wanted = [
                    {"FeatureName": name, "ValueAsString": record[name]}
                    for name in asked["FeatureNames"]
                    if name in record
                ]
                records.append(
                    {
                        "FeatureGroupName": asked["FeatureGroupName"],
                        "RecordIdentifierValueAsString": key,
                        "Record": wanted,
                    }
                )
        return {"Records": records, "Errors": [], "UnprocessedIdentifiers": left}


def _without_google() -> None:
    """Google's own log-in is not installed here, and no request leaves: empty modules in its place."""
    login, requests = ModuleType("google.auth"), ModuleType("google.auth.transport.requests")
    requests.AuthorizedSession = object  # type: ignore[attr-defined]
    transport = ModuleType("google.auth.transport")
    sys.modules |= {each.__name__: each for each in (login, transport, requests)}


@contextmanager
def applied(folder: Path) -> Iterator[FeatureStore]:
    """A store with the rendered definitions; its registry is on this disk."""
    configuration = folder / "feature_store.yaml"
    document = yaml.safe_load(configuration.read_text("utf-8"))
    document["registry"] = {"path": str(folder / "registry.db")}
    configuration.write_text(yaml.safe_dump(document), encoding="utf-8")
    _without_google()
    here = Path.cwd()
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    try:
        store = FeatureStore(repo_path=str(folder))
        apply_total(store.config, folder, skip_source_validation=True)
        yield FeatureStore(repo_path=str(folder))
    finally:
        os.chdir(here)
        sys.path.remove(str(folder))
        for name in ("definitions", "sagemaker_features", "vertex_features"):
            sys.modules.pop(name, None)


def rows(*given: tuple[str, float, float | None, int | None, str | None]) -> pd.DataFrame:
    """Rows of spending: customer, hours before now, amount, payments, country."""
    now = datetime.now(UTC)
    return pd.DataFrame(
        {
            "customer_id": [row[0] for row in given],
            "event_timestamp": [now - timedelta(hours=row[1]) for row in given],
            "written_at": [now for _ in given],
            "amount_7d": pd.array([row[2] for row in given], dtype="Float64"),
            "payments_7d": pd.array([row[3] for row in given], dtype="Int64"),
            "country": [row[4] for row in given],
        }
    )


def prove_sagemaker(folder: Path, ask: ModuleType, expect: Expect) -> None:
    """Values come back as they were, nulls as nulls, the newest of each key, and keys that were left out too."""
    service = SageMaker()
    big = 9_007_199_254_740_991
    with applied(folder) as store:
        provider = get_provider(store.config)
        client = provider.online_store.client("us-east-1")
        client.meta.events.register("before-send.sagemaker-featurestore-runtime", service.answer)
        view = store.get_feature_view("customer_spend")
        given = [(f"c{number}", 2.0, number / 7, number, "CH") for number in range(230)]
        given += [("ada", 3.0, 0.1, big, "Zürich"), ("eve", 2.0, None, None, None), ("nan", 1.0, float("nan"), 0, "")]
        provider.ingest_df(view, rows(*given))
        provider.ingest_df(view, rows(("ada", 5.0, 9.0, 9, "XX")))
        risk = store.get_feature_view("merchant_risk")
        moments = {"merchant_id": [7], "event_timestamp": [datetime.now(UTC)]}
        provider.ingest_df(risk, pd.DataFrame({**moments, "chargebacks_30d": [4], "is_new": [False]}))
        expect("requests, one for each record", service.puts, len(given) + 2)
        groups = sorted({group for group, _ in service.records})
        expect("groups", groups, ["acme-dev-features-customer-spend", "acme-dev-features-merchant-risk"])

        # as an endpoint does: a store of its own, with a client of its own
        store._provider = provider
        keys = [{"customer_id": name, "merchant_id": 7} for name in ("ada", "eve", "nan", "nobody", "c229", "ada")]
        found = ask.online_values(store, SERVICE, keys)
        wanted = [(0.1, big, "Zürich"), (None, None, None), (None, 0, ""), (None, None, None), (229 / 7, 229, "CH")]
        got = [(row["amount_7d"], row["payments_7d"], row["country"]) for row in found]
        expect("values online", got, [*wanted, wanted[0]])
        expect("of another group", {row["chargebacks_30d"] for row in found}, {4})
        many = ask.online_values(store, SERVICE, [{"customer_id": f"c{n}", "merchant_id": 7} for n in range(230)])
        expect("more keys than one look-up takes", [row["payments_7d"] for row in many], list(range(230)))
        (new,) = store.get_online_features(
            features=["merchant_risk:is_new"], entity_rows=[{"merchant_id": 7}]
        ).to_dict()["is_new"]
        expect("a boolean", new, False)


class Answer:
    """What a service of Google says."""

    def __init__(self, said: dict[str, Any], status: int = 200) -> None:
        self.said, self.status_code, self.ok, self.text = said, status, status < 400, json.dumps(said)

    def json(self) -> dict[str, Any]:
        """The body."""
        return self.said


class Google:
    """BigQuery, which takes queries, and Vertex AI, which has what a test says."""

    def __init__(self, rows_of: dict[str, dict[str, dict[str, object]]]) -> None:
        self.rows_of = rows_of
        self.queries: list[dict[str, Any]] = []
        self.error: dict[str, str] = {}

    def request(self, method: str, address: str, **options: Any) -> Answer:  # noqa: ANN401 - JSON
        """An answer."""
        if address.startswith("https://bigquery.googleapis.com/bigquery/v2/projects/acme-ml-dev/jobs"):
            return self.job(method, options)
        place = "projects/acme-ml-dev/locations/us-central1/featureOnlineStores/acme_dev_features/featureViews/"
        begin = f"https://us-central1-aiplatform.googleapis.com/v1/{place}"
        view, _, verb = address.removeprefix(begin).partition(":")
        if (method, verb) != ("POST", "fetchFeatureValues") or view not in self.rows_of:
            return Answer({"error": address}, 400)
        record = self.rows_of[view].get(options["json"]["dataKey"]["key"])
        if record is None:
            return Answer({"error": {"status": "NOT_FOUND"}}, 404)
        found = [{"name": name, **({"value": value} if value else {})} for name, value in record.items()]
        return Answer({"keyValues": {"features": found}})

    def job(self, method: str, options: dict[str, Any]) -> Answer:
        """A query that runs once it is asked for again."""
        if method == "POST":
            self.queries.append(options["json"]["configuration"]["query"])
            return Answer({"status": {"state": "PENDING"}, "jobReference": {"jobId": "j1"}})
        done = {"state": "DONE", **({"errorResult": self.error} if self.error else {})}
        return Answer({"status": done, "statistics": {"query": {"numDmlAffectedRows": "3"}}})


def prove_vertex(folder: Path, ask: ModuleType, expect: Expect) -> None:
    """Values come back as they were and are asked for by key; the query is one that BigQuery's dialect has."""
    moment = {"int64Value": str(int(datetime.now(UTC).timestamp() * 1e6))}
    ada = {"amount_7d": {"doubleValue": 0.1}, "payments_7d": {"int64Value": "9007199254740993"}, "country": {}}
    service = Google(
        {
            "customer_spend": {"ada": {**ada, "valid__from": moment}},
            "merchant_risk": {"7": {"is_new": {"boolValue": False}, "valid__from": moment}},
        }
    )
    with applied(folder) as store:
        provider = get_provider(store.config)
        provider.online_store._session = service
        module = sys.modules["vertex_features"]
        module.ASK_SECONDS = 0.0
        store._provider = provider
        keys = [{"customer_id": name, "merchant_id": 7} for name in ("ada", "nobody")]
        found = ask.online_values(store, SERVICE, keys)
        got = [(row["amount_7d"], row["payments_7d"], row["country"], row["chargebacks_30d"]) for row in found]
        expect("values online", got, [(0.1, 9007199254740993, None, None), (None, None, None, None)])

        view, files = store.get_feature_view("customer_spend"), ["gs://b/customer_spend/a.parquet"]
        now = datetime.now(UTC)
        expect("rows", provider.online_store.fill_from_tables(store.config, view, files, now), 3)
        (query,) = service.queries
        expect("the files", query["tableDefinitions"]["source_rows"]["sourceUris"], files)
        parsed = sqlglot.parse_one(query["query"], dialect="bigquery")
        expect("the kind of query", type(parsed).__name__, "Merge")
        columns = {each.name for each in parsed.find_all(sqlglot.exp.Column)}
        known = {"customer_id", "event_timestamp", "written_at", "amount_7d", "payments_7d", "country"}
        expect("columns", columns, {*known, "feature_timestamp", "valid__from"})
        prove_merge(query["query"], expect)
        service.error = {"message": "no such column"}
        try:
            provider.online_store.fill_from_tables(store.config, view, files, now)
        except ValueError as error:
            expect("a query that fails", str(error), "customer_spend: no such column")
        else:
            expect("a query that fails", "nothing", "an error")


def prove_merge(statement: str, expect: Expect) -> None:
    """The query, in DuckDB's dialect, keeps the newest row of each key that is believed, and forgets the others."""
    parsed = sqlglot.parse_one(statement, dialect="bigquery")
    target = parsed.this.this
    parsed.this.set("this", sqlglot.exp.to_table("kept_rows", alias=None).this)
    parsed.this.set("db", None)
    parsed.this.set("catalog", None)
    del target
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    given = [
        ("ada", now - 9 * hour, now, 1.0, 1, "CH"),
        ("ada", now - 2 * hour, now - 1 * hour, 2.0, 2, "CH"),
        ("ada", now - 2 * hour, now, None, 3, "CH"),
        ("ada", now + 1 * hour, now, 9.0, 9, "XX"),
        ("bob", now - 900 * hour, now, 5.0, 5, "FR"),
        (None, now - 1 * hour, now, 5.0, 5, "FR"),
    ]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            "create table source_rows (customer_id varchar, event_timestamp timestamptz, written_at timestamptz, "
            "amount_7d double, payments_7d bigint, country varchar)"
        )
        connection.executemany("insert into source_rows values (?, ?, ?, ?, ?, ?)", given)
        connection.execute(
            "create table kept_rows (customer_id varchar, feature_timestamp timestamptz, amount_7d double, "
            "payments_7d bigint, country varchar, valid__from bigint)"
        )
        connection.execute("insert into kept_rows (customer_id, payments_7d) values ('ada', 1), ('gone', 1)")
        for _ in range(2):
            connection.execute(parsed.sql(dialect="duckdb"), {"now": now})
        found = connection.execute("select customer_id, amount_7d, payments_7d, valid__from from kept_rows").fetchall()
    expect("rows of the table", found, [("ada", None, 3, int((now - 2 * hour).timestamp() * 1e6))])
