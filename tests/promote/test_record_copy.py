"""The copy of the record: the same rules in the stores of three clouds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.components.record_copy import KeepsText, OpensRecordCopy, record_copy
from mlplatform.promote.record_copy import NotCopied, RecordOrigin, ancestry, copy_record, origin_of, put_copy
from mlplatform.services.aws_api import AwsCredentials, S3Api
from mlplatform.services.aws_texts import S3Texts
from mlplatform.services.azure_api import AzureApi
from mlplatform.services.azure_texts import BlobTexts
from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.gcp_texts import StorageTexts
from mlplatform.services.rest import HttpAnswer
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.record_copy import RecordCopy
from mlplatform.spec.releases import ReleaseRecord

from ..conftest import CLOUDS
from ..pipelines.fraud import pipeline, platform
from ..services.fake_s3 import FakeS3
from ..steps.door.fake_azure import BLOBS, FakeAzure
from ..steps.door.fake_google import TOKEN, FakeGoogle

DAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
OLD, NEW = "a" * 40, "b" * 40


@dataclass
class Store:
    """A store, and how somebody else writes into it."""

    texts: KeepsText
    write: Callable[[str], None]
    deny: Callable[[], None]


def _aws() -> Store:
    fake = FakeS3("acme-models.s3.eu-central-1.amazonaws.com")
    api = S3Api(AwsCredentials(key="k", secret="s", token="t"), "eu-central-1", fake, sleep=lambda _: None)

    def write(text: str) -> None:
        fake.objects["_released/record.json"] = text.encode()

    return Store(S3Texts(api, "acme-models", "_released"), write, lambda: setattr(fake, "denied", True))


def _gcp() -> Store:
    fake = FakeGoogle()
    api = GoogleApi(fake, sleep=lambda _: None, token=lambda: TOKEN)

    def write(text: str) -> None:
        fake.objects["acme-models/_released/record.json"] = (text.encode(), fake.number())

    refused = HttpAnswer(403, b'{"error": {"message": "denied"}}')
    return Store(
        StorageTexts(api, "gs://acme-models/_released/"), write, lambda: fake.refusals.append(lambda *_: refused)
    )


def _azure() -> Store:
    fake = FakeAzure(lambda: DAY)
    denied: list[bool] = []
    api = AzureApi({}, fake, sleep=lambda _: None, token=lambda service: "nobody" if denied else f"token-for-{service}")

    def write(text: str) -> None:
        fake.blobs["/models/_released/record.json"] = (text.encode(), f'"{fake.number()}"')

    return Store(BlobTexts(api, f"{BLOBS}/models/_released"), write, lambda: denied.append(True))


STORES = {"aws": _aws, "gcp": _gcp, "azure": _azure}


@pytest.fixture(params=CLOUDS)
def store(request: pytest.FixtureRequest) -> Store:
    return STORES[request.param]()


def _spec(version: str | None = "7", cloud: str = "aws") -> PlatformSpec:
    releases = {
        "model": "fraud",
        "version": version,
        "artifact": f"s3://acme-ml-dev-models/models/fraud/{version}",
        "approver": "ana",
    }
    record = ReleaseRecord.model_validate(
        {
            "platform": "acme-ml",
            "environment": "dev",
            "targets": {cloud: {"fraud-scorer": {"main": releases}}} if version else {},
        }
    )
    return platform(cloud, pipelines=(pipeline(),)).with_record(record).on(cloud)


def _copy(version: str | None = "7", commit: str = OLD, hours: int = 0) -> RecordCopy:
    return record_copy(_spec(version), commit, DAY + timedelta(hours=hours))


def _unknown(first: str, second: str) -> None:
    """A shallow clone, which knows one commit."""


def _linear(first: str, second: str) -> bool:
    return first < second


def _there(store: Store) -> RecordCopy:
    return RecordCopy.model_validate_json(store.texts.read("record").text or "")


def test_what_the_copy_says() -> None:
    copy = _copy()
    assert copy.champions["fraud-retrain"].version == "7"
    assert copy.releases["fraud-scorer"]["main"].approver == "ana"
    assert RecordCopy.model_validate_json(copy.text()) == copy
    assert copy.origin == "the record of commit aaaaaaaaaaaa, of 2026-11-30 09:00 UTC"
    assert _copy(None).champions["fraud-retrain"].version is None


def test_the_first_copy_the_same_again_and_a_later_one(store: Store) -> None:
    assert put_copy(store.texts, "record", _copy(), _linear) == "written"
    before = store.texts.read("record")
    assert put_copy(store.texts, "record", _copy(), _linear) == "unchanged"
    assert store.texts.read("record") == before
    assert put_copy(store.texts, "record", _copy("8", NEW, 1), _linear) == "written"
    assert _there(store).champions["fraud-retrain"].version == "8"


def test_an_earlier_record_replaces_no_later_one(store: Store) -> None:
    put_copy(store.texts, "record", _copy("8", NEW, 1), _linear)
    with pytest.raises(NotCopied, match="which is not later: apply the newest commit"):
        put_copy(store.texts, "record", _copy("7", OLD), _linear)
    assert _there(store).commit == NEW


def test_what_git_knows_counts_before_the_times(store: Store) -> None:
    # the clock of who made the later commit is an hour behind
    put_copy(store.texts, "record", _copy("7", OLD, 1), _linear)
    assert put_copy(store.texts, "record", _copy("8", NEW, 0), _linear) == "written"
    # and of a commit that a shallow clone does not know, the time is all that there is
    with pytest.raises(NotCopied, match="not later"):
        put_copy(store.texts, "record", _copy("9", "c" * 40, -1), _unknown)
    assert put_copy(store.texts, "record", _copy("9", "c" * 40, 1), _unknown) == "written"


def test_a_revert_is_a_later_record_with_earlier_content(store: Store) -> None:
    put_copy(store.texts, "record", _copy("7", "a" * 40), _linear)
    put_copy(store.texts, "record", _copy("8", "b" * 40), _linear)
    assert put_copy(store.texts, "record", _copy("7", "c" * 40), _linear) == "written"
    # else a second run of the commit in between would put back what was reverted
    with pytest.raises(NotCopied):
        put_copy(store.texts, "record", _copy("8", "b" * 40), _linear)


def test_the_same_record_of_an_earlier_commit_is_there_already(store: Store) -> None:
    put_copy(store.texts, "record", _copy("7", NEW, 1), _linear)
    assert put_copy(store.texts, "record", _copy("7", OLD), _linear) == "unchanged"
    assert _there(store).commit == NEW


def test_the_same_commit_says_the_same(store: Store) -> None:
    put_copy(store.texts, "record", _copy("7"), _linear)
    with pytest.raises(NotCopied, match="of the same commit, and says something else"):
        put_copy(store.texts, "record", _copy("8"), _linear)


@pytest.mark.parametrize("text", ["", "{}", "no JSON", '{"copy_version": 2}'])
def test_what_is_no_copy_is_left_alone(store: Store, text: str) -> None:
    store.write(text)
    with pytest.raises(NotCopied, match="no copy of a record: remove it"):
        put_copy(store.texts, "record", _copy(), _linear)
    assert store.texts.read("record").text == text


def test_the_copy_of_another_platform_is_left_alone(store: Store) -> None:
    store.write(_copy().model_copy(update={"platform": "other"}).text())
    with pytest.raises(NotCopied, match="is of other, dev, aws, and this record is of acme-ml, dev, aws"):
        put_copy(store.texts, "record", _copy("8", NEW), _linear)


def test_who_writes_at_the_same_time_is_told(store: Store) -> None:
    put_copy(store.texts, "record", _copy(), _linear)

    def meanwhile(first: str, second: str) -> bool:
        store.write(_copy("9", "c" * 40, 2).text())
        return True

    with pytest.raises(NotCopied, match="at the same time: run this again"):
        put_copy(store.texts, "record", _copy("8", NEW, 1), meanwhile)
    assert _there(store).champions["fraud-retrain"].version == "9"


def test_a_store_that_refuses_is_told_in_its_words(store: Store) -> None:
    store.deny()
    with pytest.raises(NotCopied, match=r"40[13]"):
        put_copy(store.texts, "record", _copy(), _linear)


def _git(folder: Path, *arguments: str) -> str:
    own = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_git_says_which_record_it_is(tmp_path: Path) -> None:
    file = tmp_path / "stacks/models/dev.json"
    file.parent.mkdir(parents=True)
    with pytest.raises(NotCopied, match="--changed"):
        origin_of(file)
    _git(tmp_path, "init", "--quiet")
    file.write_text("{}", encoding="utf-8")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "one")
    first = origin_of(file)
    assert first.commit == _git(tmp_path, "rev-parse", "HEAD").strip()
    assert first.changed.tzinfo
    file.write_text('{"x": 1}', encoding="utf-8")
    with pytest.raises(NotCopied, match="the file in Git is the truth; commit it"):
        origin_of(file)
    _git(tmp_path, "commit", "--all", "--quiet", "--message", "two")
    second, precedes = origin_of(file), ancestry(tmp_path)
    assert precedes(first.commit, second.commit) is True
    assert precedes(second.commit, first.commit) is False
    assert precedes("c" * 40, second.commit) is None


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_cloud_is_asked_at_the_address_that_its_gates_read(
    cloud: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command line of a person who is logged in gives the login, and every command is one that it has."""
    for variable in ("AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(variable, raising=False)
    spec, backend = _spec(cloud=cloud), discovery.backend(cloud)
    assert backend.record_uri(spec).partition("?")[0] == f"{backend.models_uri(spec)}/_released/record.json"
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...]) -> str:
        ran.append(command)
        return json.dumps({"AccessKeyId": "k", "SecretAccessKey": "s"}) if command[0] == "aws" else "token\n"

    asked: list[tuple[str, str]] = []

    def answer(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> HttpAnswer:
        asked.append((method, url.partition("?")[0]))
        return (
            HttpAnswer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            if method == "GET"
            else HttpAnswer(200, b'{"generation": "1"}', {"etag": '"1"'})
        )

    for module in ("aws_api", "gcp_api", "azure_api"):
        monkeypatch.setattr(f"mlplatform.services.{module}.send", answer)
    assert copy_record(spec, RecordOrigin(OLD, DAY), _unknown, run) == "written"
    tool = {"aws": "aws", "gcp": "gcloud", "azure": "az"}[cloud]
    assert {command[0] for command in ran} == {tool}
    account = backend.models_uri(spec).partition("://")[2]
    assert asked[0][0] == "GET"
    assert all(account.partition("/")[0] in url for _, url in asked)


def test_a_package_that_cannot_copy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(self: object, kind: object) -> object:
        assert kind is OpensRecordCopy
        raise NotImplementedError

    monkeypatch.setattr(type(discovery.backend("aws")), "load", load)
    with pytest.raises(NotCopied, match="does not copy the record"):
        copy_record(_spec(), RecordOrigin(OLD, DAY), _unknown, lambda _: "")
