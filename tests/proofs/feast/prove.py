"""Feast's own program with the rendered repository: joins, look-ups, and the life of definitions."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import boto3
import managed
import pandas as pd
import yaml
from botocore.exceptions import EndpointConnectionError
from feast import FeatureStore
from feast.repo_config import load_repo_config

ROOT = Path(__file__).parents[3]
SPEC = ROOT / "examples" / "features" / "platform.yaml"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SERVICE = "fraud_scorer"


class NotProven(Exception):
    """What does not hold."""


def expect(what: str, got: object, wanted: object) -> None:
    """Say what does not hold."""
    if got != wanted:
        raise NotProven(f"{what}: got {got}, expected {wanted}")


def run(*command: str, cwd: Path = ROOT) -> str:
    """The output of a command that must end well."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise NotProven(f"{' '.join(command)}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def render(spec: dict[str, Any], target: str, folder: Path) -> None:
    """Write the repository as the command does."""
    file = folder.with_suffix(".yaml")
    file.write_text(yaml.safe_dump(spec), encoding="utf-8")
    python = os.environ.get("MLPLATFORM_PYTHON", sys.executable)
    run(python, "-m", "mlplatform", "render", "features", str(file), "--target", target, "--out", str(folder))


def replace(file: Path, pattern: str, new: str) -> None:
    """Replace what must be there."""
    text, count = re.subn(pattern, new, file.read_text(encoding="utf-8"))
    if not count:
        raise NotProven(f"{file.name} has no {pattern}")
    file.write_text(text, encoding="utf-8")


def apply(spec: dict[str, Any], folder: Path, offline: str = "duckdb") -> FeatureStore:
    """Render, put local stores in the place of the cloud's, and let Feast apply the definitions.

    The registry stays in the bucket that the configuration names, on a server of S3.
    """
    render(spec, "aws", folder)
    configuration = folder / "feature_store.yaml"
    replace(configuration, "type: duckdb", f"type: {offline}")
    replace(configuration, "online_store: null", f"online_store: {{type: sqlite, path: {folder.parent / 'online.db'}}}")
    replace(folder / "definitions.py", "online=False", "online=True")
    run(str(Path(sys.executable).with_name("feast")), "apply", cwd=folder)
    return FeatureStore(repo_path=str(folder))


@contextmanager
def bucket(folder: Path) -> Iterator[None]:
    """A server of S3 with the bucket of the place of features, as the configuration names it."""
    name = urlsplit(yaml.safe_load((folder / "feature_store.yaml").read_text("utf-8"))["registry"]["path"]).netloc
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "proof",
        "AWS_SECRET_ACCESS_KEY": "proof",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "FEAST_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        s3 = boto3.client("s3", endpoint_url=os.environ["FEAST_S3_ENDPOINT_URL"])
        for attempt in range(150):
            try:
                s3.create_bucket(Bucket=name)
                break
            except EndpointConnectionError:
                if attempt == 149 or server.poll() is not None:
                    raise NotProven("the server of S3 does not answer") from None
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait()


def lookup(folder: Path) -> ModuleType:
    """The rendered module of look-ups."""
    found = importlib.util.spec_from_file_location("lookup", folder / "lookup.py")
    if found is None or found.loader is None:
        raise NotProven("lookup.py was not rendered")
    module = importlib.util.module_from_spec(found)
    sys.modules["lookup"] = module
    found.loader.exec_module(module)
    return module


def write_tables(folder: Path, newest: float = 30.0) -> None:
    """Ada has values and one that was computed too late, Bob's is older than it is believed, merchant 7 is known."""
    day = timedelta(days=1)
    at = [NOW - 40 * day, NOW - 20 * day, NOW - 10 * day, NOW - 2 * day, NOW - 60 * day]
    written = [NOW - 40 * day, NOW - 20 * day, NOW - 1 * day, NOW - 2 * day, NOW - 60 * day]
    spend = pd.DataFrame(
        {
            "customer_id": ["ada", "ada", "ada", "ada", "bob"],
            "event_timestamp": at,
            "written_at": written,
            "amount_7d": [10.0, 20.0, 99.0, newest, 5.0],
            "payments_7d": [1, 2, 9, 3, 1],
            "country": ["CH", "CH", "XX", "DE", "FR"],
            "devices_7d": [1, 1, 9, 2, 1],
        }
    )
    risk = pd.DataFrame(
        {"merchant_id": [7], "event_timestamp": [NOW - 30 * day], "chargebacks_30d": [4], "is_new": [False]}
    )
    for name, table in (("customer_spend", spend), ("merchant_risk", risk)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        table.to_parquet(folder / name / "part-0.parquet")


def asked(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Rows that ask: customer, merchant and days before now."""
    return pd.DataFrame(
        {
            "customer_id": [row[0] for row in rows],
            "merchant_id": [row[1] for row in rows],
            "event_timestamp": [NOW - timedelta(days=row[2]) for row in rows],
        }
    )


def values(table: pd.DataFrame, name: str) -> dict[tuple[str, int], object]:
    """A column by customer and by days before now."""
    return {
        (row["customer_id"], (NOW - row["event_timestamp"]).days): None if pd.isna(row[name]) else row[name]
        for row in table.to_dict("records")
    }


def prove_joins(store: FeatureStore, ask: ModuleType) -> int:
    """Each row sees what was known at its moment: no later value, none that was computed later, none too old."""
    rows = asked(
        ("ada", 7, 50), ("ada", 7, 30), ("ada", 7, 15), ("ada", 7, 5), ("ada", 8, 0), ("bob", 7, 10), ("eve", 7, 0)
    )
    joined = ask.training_rows(store, SERVICE, rows)
    wanted = {("ada", 50): None, ("ada", 30): 10.0, ("ada", 15): 20.0, ("ada", 5): 20.0, ("ada", 0): 30.0}
    expect("amount_7d", values(joined, "amount_7d"), wanted | {("bob", 10): None, ("eve", 0): None})
    risk = values(joined, "chargebacks_30d")
    expect("chargebacks_30d", (risk["ada", 50], risk["ada", 15], risk["ada", 0]), (None, 4, None))
    leaking = store.get_historical_features(entity_df=rows, features=store.get_feature_service(SERVICE)).to_df()
    expect("what Feast lets through by itself", values(leaking, "amount_7d")["ada", 5], 99.0)
    return len(rows)


def prove_control(spec: dict[str, Any], folder: Path, ask: ModuleType) -> None:
    """Feast's default store loses the rows without a value, and the look-up says so."""
    store = apply(spec, folder, offline="file")
    try:
        ask.training_rows(store, SERVICE, asked(("ada", 7, 50), ("ada", 7, 15), ("bob", 7, 10)))
    except ValueError as error:
        expect("rows that were lost", str(error).startswith("got 1 rows with features, expected 3"), True)
    else:
        raise NotProven("a store that loses rows passes")


def prove_online(store: FeatureStore, ask: ModuleType, tables: Path) -> None:
    """The newest values are found by key, none that is too old; a table that changed is seen as skew."""
    store.materialize(NOW - timedelta(days=90), NOW)
    keys = [{"customer_id": name, "merchant_id": 7} for name in ("ada", "bob", "eve")]
    found = ask.online_values(store, SERVICE, keys, NOW)
    expect("online", [row["amount_7d"] for row in found], [30.0, None, None])
    expect("online", [row["chargebacks_30d"] for row in found], [4, 4, 4])
    raw = store.get_online_features(features=store.get_feature_service(SERVICE), entity_rows=keys).to_dict()
    expect("what Feast gives by itself", raw["amount_7d"], [30.0, 5.0, None])
    now = asked(("ada", 7, 0), ("bob", 7, 0))
    expect("skew", set(ask.skew(store, SERVICE, now, NOW).values()), {0.0})
    write_tables(tables, newest=31.0)
    expect("skew of a table that changed", ask.skew(store, SERVICE, now, NOW)["amount_7d"], 0.5)
    write_tables(tables)


def prove_life(spec: dict[str, Any], folder: Path, ask: ModuleType) -> None:
    """A feature, another time to live, and an entity that goes: what is stored of the others stays."""
    group, risk = spec["feature_store"]["groups"]
    key = [{"customer_id": "ada", "merchant_id": 7}]
    group["features"].append({"name": "devices_7d", "type": "int64"})
    store = apply(spec, folder)
    (row,) = ask.online_values(store, SERVICE, key, NOW)
    expect("after a feature was added", (row["amount_7d"], row["devices_7d"], row["chargebacks_30d"]), (30.0, None, 4))
    store.materialize(NOW - timedelta(days=90), NOW)
    (row,) = ask.online_values(store, SERVICE, key, NOW)
    expect("after it was filled", (row["amount_7d"], row["devices_7d"]), (30.0, 2))

    group["ttl_hours"] = 24
    store = apply(spec, folder)
    (row,) = ask.online_values(store, SERVICE, key, NOW)
    expect("after the time to live became a day", (row["amount_7d"], row["chargebacks_30d"]), (None, 4))
    joined = ask.training_rows(store, SERVICE, asked(("ada", 7, 0)))
    expect("in training too", values(joined, "amount_7d")["ada", 0], None)

    group["ttl_hours"] = 720
    spec["feature_store"]["entities"] = [
        each for each in spec["feature_store"]["entities"] if each["name"] == "customer"
    ]
    spec["feature_store"]["groups"].remove(risk)
    spec["feature_store"]["services"][0]["features"] = ["customer_spend"]
    store = apply(spec, folder)
    expect("entities", [each.name for each in store.list_entities()], ["customer"])
    (row,) = ask.online_values(store, SERVICE, [{"customer_id": "ada"}], NOW)
    expect("after an entity went", row["amount_7d"], 30.0)


DOCUMENT = """
import sys
from mlplatform import discovery
from mlplatform.components.fill_document import fill_document
from mlplatform.reading.load import load
spec = load(sys.argv[1]).spec.on("aws")
backend = discovery.backend("aws")
print(fill_document(spec, spec.feature_store, backend, backend.place_uri(spec, "features")))
"""
"""Prints what the job is told, as the component does."""


class Filling:
    """The job that fills: tables of DynamoDB as the platform makes them, a bucket, and the rendered program."""

    def __init__(self, spec: dict[str, Any], folder: Path) -> None:
        self.spec, self.folder, self.times = spec, folder, 0
        endpoint = os.environ["FEAST_S3_ENDPOINT_URL"]
        self.s3 = boto3.client("s3", endpoint_url=endpoint)
        self.dynamo = boto3.client("dynamodb", endpoint_url=endpoint, region_name="us-east-1")
        self.environment = {
            **os.environ,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        }
        self.environment.pop("FEATURES")
        self.names: list[str] = []

    def make(self) -> None:
        """Render, and make the tables that the platform makes."""
        render(self.spec, "aws", self.folder)
        configuration = yaml.safe_load((self.folder / "feature_store.yaml").read_text("utf-8"))
        template = configuration["online_store"]["table_name_template"]
        self.bucket = urlsplit(configuration["registry"]["path"]).netloc
        for group in self.spec["feature_store"]["groups"]:
            name = template.format(table_name=group["name"])
            if group.get("online") and name not in self.names:
                self.names.append(name)
                self.dynamo.create_table(
                    TableName=name,
                    BillingMode="PAY_PER_REQUEST",
                    KeySchema=[{"AttributeName": "entity_id", "KeyType": "HASH"}],
                    AttributeDefinitions=[{"AttributeName": "entity_id", "AttributeType": "S"}],
                    Tags=[{"Key": "owner", "Value": "fraud"}],
                )

    def write(self, group: str, file: str, rows: dict[str, list[object]]) -> None:
        """Put a file of a table into the bucket."""
        local = self.folder.parent / file
        pd.DataFrame(rows).to_parquet(local)
        self.s3.upload_file(str(local), self.bucket, f"{group}/{file}")

    def run(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Fill once; what it says at its end."""
        python = os.environ.get("MLPLATFORM_PYTHON", sys.executable)
        document = run(python, "-c", DOCUMENT, str(self.folder.with_suffix(".yaml")))
        done = subprocess.run(
            [sys.executable, str(self.folder / "fill.py"), *words],
            env={**self.environment, "MLPLATFORM_FILL_JOB": document},
            capture_output=True,
            text=True,
        )
        if done.returncode != code:
            raise NotProven(f"fill.py ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
        self.times += 1
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    def look(self, *customers: str) -> list[tuple[object, object]]:
        """Amount and payments of customers, as an endpoint looks them up."""
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = self.environment["AWS_ENDPOINT_URL_DYNAMODB"]
        store = FeatureStore(repo_path=str(self.folder))
        keys = [{"customer_id": name, "merchant_id": 7} for name in customers]
        found = lookup(self.folder).online_values(store, SERVICE, keys)
        return [(row["amount_7d"], row["payments_7d"]) for row in found]


def _spend(*rows: tuple[str, float, float | None, int | None]) -> dict[str, list[object]]:
    """Rows of spending: customer, hours before now, amount, payments."""
    now = datetime.now(UTC)
    return {
        "customer_id": [row[0] for row in rows],
        "event_timestamp": [now - timedelta(hours=row[1]) for row in rows],
        "written_at": [now for _ in rows],
        "amount_7d": [row[2] for row in rows],
        "payments_7d": pd.array([row[3] for row in rows], dtype="Int64"),  # type: ignore[dict-item]
        "country": ["CH" for _ in rows],
        "devices_7d": [3 for _ in rows],
    }


def prove_fill(spec: dict[str, Any], folder: Path) -> int:
    """The newest values come into the tables that the platform made, late rows too; none replaces a newer one."""
    for group in spec["feature_store"]["groups"]:
        group["online"] = True
    spec["feature_store"]["fill"] = {"image": "docker.io/acme/fill:1"}
    job = Filling(spec, folder)
    job.make()
    said = job.run(code=2)
    expect("without a table", (said["features"], "no Parquet file" in said["why"]), ("failed", True))
    old, big = 800.0, 9_007_199_254_740_991
    job.write("customer_spend", "a.parquet", _spend(("ada", 30, 1.0, 1), ("ada", 10, 2.0, big), ("bob", old, 5.0, 5)))
    job.write("customer_spend", "b.parquet", _spend(("eve", 2, None, None), ("zoe", -5, 9.0, 9)))
    risk = {"merchant_id": [7], "event_timestamp": [datetime.now(UTC)], "chargebacks_30d": [4], "is_new": [False]}
    job.write("merchant_risk", "a.parquet", risk)
    said = job.run()
    expect("rows", said["groups"]["customer_spend"]["rows"], 2)
    wanted = [(2.0, big), (None, None), (None, None), (None, None)]
    expect("online: newest, missing, too old, of tomorrow", job.look("ada", "eve", "bob", "zoe"), wanted)

    # late by a day; one that is older than what is there; one that takes a value away
    job.write("customer_spend", "c.parquet", _spend(("tim", 24, 7.0, 7), ("ada", 20, 8.0, 8), ("ivy", 1, 6.0, 6)))
    job.run()
    expect("late rows", job.look("tim", "ada", "ivy"), [(7.0, 7), (2.0, big), (6.0, 6)])
    job.write("customer_spend", "d.parquet", _spend(("ivy", 0.01, None, None), ("late", 100, 1.0, 1)))
    said = job.run()
    expect("nulls, and a row that is too late", job.look("ivy", "late"), [(None, None), (None, None)])
    job.run("--all")
    expect("all of it again", job.look("late", "ada"), [(1.0, 1), (2.0, big)])

    spec["feature_store"]["groups"][0]["features"].append({"name": "devices_7d", "type": "int64"})
    job.make()
    said = job.run()
    expect("a feature more: all rows that are believed", said["groups"]["customer_spend"]["rows"], 5)
    store = FeatureStore(repo_path=str(folder))
    (devices,) = store.get_online_features(
        features=["customer_spend:devices_7d"], entity_rows=[{"customer_id": "late"}]
    ).to_dict()["devices_7d"]
    expect("its value", devices, 3)

    gone = spec["feature_store"]["groups"].pop()
    spec["feature_store"]["entities"].pop()
    spec["feature_store"]["services"][0]["features"] = ["customer_spend"]
    del gone
    job.make()
    expect("tables that Feast made", sorted(job.dynamo.list_tables()["TableNames"]), sorted(job.names))
    return job.times


def prove_managed(spec: dict[str, Any], scratch: Path) -> None:
    """The same definitions with the clouds' own feature stores."""
    spec["feature_store"]["engine"] = "managed"
    for group in spec["feature_store"]["groups"]:
        group["online"] = True
    for target, prove in (("aws", managed.prove_sagemaker), ("gcp", managed.prove_vertex)):
        folder = scratch / f"managed-{target}"
        render(spec, target, folder)
        prove(folder, lookup(folder), expect)


def main() -> int:
    """Prove all; the exit code is not zero if anything fails."""
    spec: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        folder, tables = Path(scratch) / "repository", Path(scratch) / "tables"
        os.environ["FEATURES"] = str(tables)
        write_tables(tables)
        try:
            for target in ("aws", "gcp", "azure"):
                render(spec, target, Path(scratch) / target)
                load_repo_config(Path(scratch) / target, Path(scratch) / target / "feature_store.yaml")
            with bucket(Path(scratch) / "aws"):
                filled = prove_fill(copy.deepcopy(spec), Path(scratch) / "online")
                prove_managed(copy.deepcopy(spec), Path(scratch))
                store = apply(spec, folder)
                ask = lookup(folder)
                rows = prove_joins(store, ask)
                prove_online(store, ask, tables)
                prove_control(spec, folder, ask)
                prove_life(spec, folder, ask)
        except NotProven as error:
            print(error)
            return 1
    print(
        f"{rows} rows joined as of their moments, online values and skew, a feature added, a time to live changed, an "
        f"entity removed, the registry in a bucket; {filled} fills of tables of DynamoDB from that bucket; values "
        "in SageMaker's and Vertex AI's own stores; Feast reads the configuration of three clouds"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
