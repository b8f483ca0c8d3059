"""S3 by its REST interface, with the login of a CI job or of a person: no SDK.

Programs in containers have boto3 in their image; the tool itself has not. Requests are signed by version 4:
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

from mlplatform.services.rest import HttpAnswer, Transport, ask, send

TOKEN_FILE, ROLE, SESSION = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"
"""Variables of a job that logs in by a token of its CI system, as the SDKs read them:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"""

_CONDITIONS = {"IfMatch": "If-Match", "IfNoneMatch": "If-None-Match", "ContentType": "Content-Type"}


class AwsRefused(Exception):
    """An answer that is no success, with the service's own words; `response` is as boto3's exceptions have it."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        code, words = _refusal(answer)
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {code} {words}".strip())
        self.response = {"Error": {"Code": code}}
        """The code of the refusal."""


@dataclass(frozen=True, kw_only=True)
class AwsCredentials:
    """What requests are signed with."""

    key: str
    """Access key id."""

    secret: str
    """Secret access key."""

    token: str = ""
    """Session token; empty for a key without an end."""


def suffix(region: str) -> str:
    """What the names of a region's services end in."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def signed_headers(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    credentials: AwsCredentials,
    region: str,
    now: datetime,
) -> dict[str, str]:
    """The headers of a request to S3, with its signature.

    Args:
        method: of HTTP.
        url: with its query, whose names are in order.
        headers: all of them are signed.
        body: what is sent.
        credentials: what it is signed with.
        region: of the bucket.
        now: the time, in UTC.
    """
    parts, moment = urlsplit(url), f"{now:%Y%m%dT%H%M%SZ}"
    digest = sha256(body).hexdigest()
    signed = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": moment}
    signed |= {"x-amz-security-token": credentials.token} if credentials.token else {}
    signed |= {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = "\n".join((method, parts.path or "/", parts.query, lines, names, digest))
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", moment, scope, sha256(request.encode()).hexdigest()))
    key = f"AWS4{credentials.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), sha256).digest()
    signature = hmac.new(key, text.encode(), sha256).hexdigest()
    sent = {name: value for name, value in signed.items() if name != "host"}
    own = f"Credential={credentials.key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "Authorization": f"AWS4-HMAC-SHA256 {own}"}


def web_identity(
    environment: Mapping[str, str],
    region: str,
    transport: Transport | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> AwsCredentials:
    """The credentials of the role that trusts a token of the CI system.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html

    Args:
        environment: variables of the job.
        region: whose service is asked.
        transport: how requests are sent.
        sleep: waits between attempts.

    Raises:
        AwsRefused: the role does not trust it.
        KeyError: a variable is missing.
        OSError: the token cannot be read.
    """
    asked = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": environment[ROLE],
        "RoleSessionName": environment.get(SESSION, "mlplatform"),
        "WebIdentityToken": Path(environment[TOKEN_FILE]).read_text("utf-8").strip(),
    }
    url = f"https://sts.{region}.{suffix(region)}/"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer, good = ask(transport or send, sleep, "POST", url, urlencode(asked).encode(), headers)
    if not good:
        raise AwsRefused("POST", url, answer)
    given = {_plain(each.tag): each.text or "" for each in ElementTree.fromstring(answer.body).iter()}
    return AwsCredentials(
        key=given["AccessKeyId"], secret=given["SecretAccessKey"], token=given.get("SessionToken", "")
    )


class S3Api:
    """The operations of S3 that texts need, by the names and parameters of boto3's client.

    Args:
        credentials: what requests are signed with.
        region: of the buckets.
        transport: how requests are sent.
        sleep: waits between attempts.
        now: the time, in UTC.
    """

    def __init__(
        self,
        credentials: AwsCredentials,
        region: str,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials, self._region = credentials, region
        self._send: Transport = transport or send
        self._sleep, self._now = sleep, now

    def get_object(self, **parameters: object) -> Mapping[str, object]:
        """An object."""
        answer = self._ask("GET", parameters)
        return {"Body": BytesIO(answer.body), "ETag": answer.headers["etag"]}

    def put_object(self, **parameters: object) -> Mapping[str, object]:
        """Write an object."""
        return {"ETag": self._ask("PUT", parameters, cast("bytes", parameters["Body"])).headers["etag"]}

    def list_objects_v2(self, **parameters: object) -> Mapping[str, object]:
        """What is there below a prefix."""
        query = {"list-type": "2", "max-keys": str(parameters["MaxKeys"]), "prefix": str(parameters["Prefix"])}
        answer = self._ask("GET", {"Bucket": parameters["Bucket"], "Key": ""}, query=urlencode(query, quote_via=quote))
        found = ElementTree.fromstring(answer.body).iter()
        return {"Contents": [{"Key": each.text or ""} for each in found if _plain(each.tag) == "Key"]}

    def _ask(self, method: str, parameters: Mapping[str, object], body: bytes = b"", query: str = "") -> HttpAnswer:
        host = f"{parameters['Bucket']}.s3.{self._region}.{suffix(self._region)}"
        url = f"https://{host}/{quote(str(parameters['Key']))}{f'?{query}' if query else ''}"
        headers = {header: str(parameters[name]) for name, header in _CONDITIONS.items() if name in parameters}

        def signed(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
            # each attempt has its own time
            signature = signed_headers(
                method,
                url,
                headers,
                body or b"",
                credentials=self._credentials,
                region=self._region,
                now=self._now(),
            )
            return self._send(method, url, body, signature)

        answer, good = ask(signed, self._sleep, method, url, body or None, headers)
        if not good:
            raise AwsRefused(method, url, answer)
        return answer


def _refusal(answer: HttpAnswer) -> tuple[str, str]:
    """Code and words of an answer."""
    try:
        said = {_plain(each.tag): each.text or "" for each in ElementTree.fromstring(answer.body).iter()}
    except ElementTree.ParseError:
        return str(answer.status or ""), answer.body[:200].decode("utf-8", "replace")
    return said.get("Code", str(answer.status)), said.get("Message", "")[:300]


def _plain(tag: str) -> str:
    """The name of an element, without its namespace."""
    return tag.rpartition("}")[2]
