"""The tool's own requests to S3 and STS, without an SDK, against moto; each signature is also botocore's."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto import mock_aws

from mlplatform.services.aws_api import ROLE, TOKEN_FILE, AwsCredentials, S3Api, signed_headers, web_identity
from mlplatform.services.aws_texts import S3Texts
from mlplatform.services.rest import HttpAnswer
from mlplatform.services.stored_text import WrittenMeanwhile

REGION, BUCKET = "eu-central-1", "acme-ml-dev-models"
SIGNED = ("x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "authorization")
OWN = AwsCredentials(key="AKIDEXAMPLE", secret="secret", token="token")


def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
    """What moto answers."""
    found = requests.request(method, url, data=body, headers=dict(headers), timeout=60)
    return HttpAnswer(found.status_code, found.content, {name.lower(): text for name, text in found.headers.items()})


def signed(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
    """The same for a request to S3, whose signature botocore makes too."""
    plain = {name: value for name, value in headers.items() if name.lower() not in SIGNED}
    request = AWSRequest(method, url, headers=dict(plain), data=body or b"")
    request.context["payload_signing_enabled"] = True
    S3SigV4Auth(Credentials(OWN.key, OWN.secret, OWN.token), "s3", REGION).add_auth(request)
    now = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ours = signed_headers(method, url, plain, body or b"", credentials=OWN, region=REGION, now=now)
    assert ours["Authorization"] == request.headers["Authorization"], (ours, dict(request.headers))
    return send(method, url, body, headers)


def prove_plain_s3() -> str:
    """A text is made, replaced, and kept from who knows another version; and a role is taken."""
    with mock_aws(), tempfile.TemporaryDirectory() as folder:
        place: Any = {"LocationConstraint": REGION}
        boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        texts = S3Texts(S3Api(OWN, REGION, signed, sleep=lambda _: None), BUCKET, "_released")
        assert texts.read("record").text is None
        first = texts.write("record", "1", "")
        second = texts.write("record", "2", first)
        refused = 0
        for stale in ("", first):
            try:
                texts.write("record", "3", stale)
            except WrittenMeanwhile:
                refused += 1
        assert refused == 2
        assert (texts.read("record").text, texts.read("record").version) == ("2", second)
        token = Path(folder) / "token"
        token.write_text("a.b.c", encoding="utf-8")
        environment = {TOKEN_FILE: str(token), ROLE: "arn:aws:iam::123456789012:role/acme-ml-dev-deploy"}
        assert web_identity(environment, REGION, send).token
    return "the tool's own requests to S3 are signed as botocore signs them, and moto holds their conditions"
