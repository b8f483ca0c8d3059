"""S3's objects in memory, as its published interface answers conditional requests; it is the transport of `S3Api`.

`make prove ONE=door-aws` holds the same requests against moto, and their signatures against botocore.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from urllib.parse import parse_qs, unquote, urlsplit

from mlplatform.services.rest import HttpAnswer


class FakeS3:
    """One bucket; https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html"""

    def __init__(self, host: str) -> None:
        self.host = host
        self.objects: dict[str, bytes] = {}
        self.denied = False

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", self.host)
        assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=")
        key, asked = unquote(parts.path.lstrip("/")), parse_qs(parts.query)
        if self.denied:
            return _refused(403, "AccessDenied")
        if asked.get("list-type") == ["2"]:
            found = sorted(each for each in self.objects if each.startswith(asked["prefix"][0]))
            listed = "".join(f"<Contents><Key>{each}</Key></Contents>" for each in found)
            space = "http://s3.amazonaws.com/doc/2006-03-01/"
            return HttpAnswer(200, f'<ListBucketResult xmlns="{space}">{listed}</ListBucketResult>'.encode())
        there = self.objects.get(key)
        if method == "GET":
            return HttpAnswer(200, there, {"etag": _tag(there)}) if there is not None else _refused(404, "NoSuchKey")
        assert method == "PUT"
        assert headers["content-type"] == "application/json"
        if headers.get("if-none-match") == "*" and there is not None:
            return _refused(412, "PreconditionFailed")
        if "if-match" in headers and there is None:
            return _refused(404, "NoSuchKey")
        if "if-match" in headers and there is not None and headers["if-match"] != _tag(there):
            return _refused(412, "PreconditionFailed")
        self.objects[key] = body or b""
        return HttpAnswer(200, b"", {"etag": _tag(self.objects[key])})


def _tag(body: bytes) -> str:
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'


def _refused(status: int, code: str) -> HttpAnswer:
    return HttpAnswer(status, f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode())
