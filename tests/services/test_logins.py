"""How the tool logs in where a CI job has a token of its system, and a job of Azure ML an identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mlplatform.services.aws_api import AwsCredentials, AwsRefused, signed_headers, web_identity
from mlplatform.services.azure_api import AzureApi
from mlplatform.services.gcp_api import GoogleRefused
from mlplatform.services.gcp_login import federated_token, is_federated
from mlplatform.services.rest import HttpAnswer

EXAMPLE = AwsCredentials(key="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
DAY = datetime(2013, 5, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("method", "url", "headers", "body", "signature"),
    [
        (
            "GET",
            "https://examplebucket.s3.amazonaws.com/test.txt",
            {"Range": "bytes=0-9"},
            b"",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "https://examplebucket.s3.amazonaws.com/test%24file.text",
            {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            b"Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET",
            "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
            {},
            b"",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_a_request_is_signed_as_in_the_published_examples(
    method: str, url: str, headers: Mapping[str, str], body: bytes, signature: str
) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, its examples."""
    found = signed_headers(method, url, headers, body, credentials=EXAMPLE, region="us-east-1", now=DAY)
    assert found["Authorization"].endswith(f"Signature={signature}")


def test_a_job_takes_the_role_that_trusts_its_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("header.body.signature\n", encoding="utf-8")
    asked: list[tuple[str, dict[str, list[str]]]] = []

    def answer(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        assert "Authorization" not in headers
        asked.append((f"{method} {url}", parse_qs((body or b"").decode())))
        given = "<AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        space = "https://sts.amazonaws.com/doc/2011-06-15/"
        return HttpAnswer(200, f'<Answer xmlns="{space}"><Credentials>{given}</Credentials></Answer>'.encode())

    environment = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"}
    assert web_identity(environment, "eu-west-1", answer) == AwsCredentials(key="k", secret="s", token="t")
    ((where, form),) = asked
    assert where == "POST https://sts.eu-west-1.amazonaws.com/"
    assert form["Action"] == ["AssumeRoleWithWebIdentity"]
    assert form["WebIdentityToken"] == ["header.body.signature"]


def test_a_role_that_does_not_trust_the_job_is_told_in_its_words(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t", encoding="utf-8")
    body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>"
    environment = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"}
    with pytest.raises(AwsRefused, match="403 AccessDenied Not authorized"):
        web_identity(environment, "eu-west-1", lambda *_: HttpAnswer(403, body))


def _document(folder: Path) -> dict[str, str]:
    (folder / "token").write_text("of-the-job", encoding="utf-8")
    document = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/github",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@p"
        ".iam.gserviceaccount.com:generateAccessToken",
        "credential_source": {"file": str(folder / "token")},
    }
    (folder / "login.json").write_text(json.dumps(document), encoding="utf-8")
    return {"GOOGLE_APPLICATION_CREDENTIALS": str(folder / "login.json")}


def test_google_exchanges_the_jobs_token_twice(tmp_path: Path) -> None:
    environment, seen = _document(tmp_path), list[str]()

    def answer(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        seen.append(urlsplit(url).netloc)
        if len(seen) == 1:
            form = parse_qs((body or b"").decode())
            assert form["subject_token"] == ["of-the-job"]
            assert form["audience"][0].endswith("/providers/github")
            return HttpAnswer(200, b'{"access_token": "federated", "expires_in": 3600}')
        assert headers["Authorization"] == "Bearer federated"
        return HttpAnswer(200, b'{"accessToken": "of-the-account", "expireTime": "2026-11-30T10:00:00Z"}')

    assert is_federated(environment)
    assert federated_token(environment, answer) == "of-the-account"
    assert seen == ["sts.googleapis.com", "iamcredentials.googleapis.com"]
    with pytest.raises(GoogleRefused, match="403"):
        federated_token(environment, lambda *_: HttpAnswer(403, b"{}"))


@pytest.mark.parametrize("text", ["", "[]", '{"type": "authorized_user"}', '{"type": "external_account"}'])
def test_another_document_is_the_command_lines_own(tmp_path: Path, text: str) -> None:
    (tmp_path / "login.json").write_text(text, encoding="utf-8")
    assert not is_federated({"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "login.json")})
    assert not is_federated({})


def test_a_job_on_azure_mls_nodes_has_an_endpoint_of_its_own() -> None:
    seen: list[tuple[dict[str, list[str]], str | None]] = []

    def answer(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        if url.startswith("http://127.0.0.1:46808/token"):
            seen.append((parse_qs(urlsplit(url).query), headers.get("secret")))
            return HttpAnswer(200, b'{"access_token": "of-the-node", "expires_on": 4102444800}')
        assert headers["Authorization"] == "Bearer of-the-node"
        return HttpAnswer(404)

    environment = {"MSI_ENDPOINT": "http://127.0.0.1:46808/token", "MSI_SECRET": "s", "DEFAULT_IDENTITY_CLIENT_ID": "c"}
    api = AzureApi(environment, answer)
    for _ in range(2):
        api.call("storage", "GET", "https://a.blob.core.windows.net/models/x", allowed=(404,))
    ((asked, secret),) = seen
    assert secret == "s"
    assert asked == {
        "resource": ["https://storage.azure.com/"],
        "api-version": ["2017-09-01"],
        "clientid": ["c"],
    }


def test_a_job_of_a_ci_system_logs_in_at_microsofts_own_address(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of-the-job", encoding="utf-8")

    def answer(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        if method == "POST":
            assert url == "https://login.microsoftonline.com/tenant/oauth2/v2.0/token"
            assert parse_qs((body or b"").decode())["client_assertion"] == ["of-the-job"]
            return HttpAnswer(200, b'{"access_token": "t", "expires_in": 3599}')
        assert headers["Authorization"] == "Bearer t"
        return HttpAnswer(200, b"{}")

    environment = {
        "AZURE_CLIENT_ID": "c",
        "AZURE_TENANT_ID": "tenant",
        "AZURE_FEDERATED_TOKEN_FILE": str(tmp_path / "token"),
    }
    assert AzureApi(environment, answer).call("storage", "GET", "https://a.blob.core.windows.net/m/x").status == 200
