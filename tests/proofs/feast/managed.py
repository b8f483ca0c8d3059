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

import pandas as pd
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


@contextmanager
def applied(folder: Path) -> Iterator[FeatureStore]:
    """A store with the rendered definitions; its registry is on this disk."""
    configuration = folder / "feature_store.yaml"
    document = yaml.safe_load(configuration.read_text("utf-8"))
    document["registry"] = {"path": str(folder / "registry.db")}
    configuration.write_text(yaml.safe_dump(document), encoding="utf-8")
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
