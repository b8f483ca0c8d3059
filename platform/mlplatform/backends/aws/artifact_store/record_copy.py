"""The record's copy in S3, with the login of the CI job, or that of the command line `aws`."""

from __future__ import annotations

import json
import os
from urllib.parse import parse_qs, urlsplit

from mlplatform.components.record_copy import KeepsText, RunsCommand
from mlplatform.services.aws_api import TOKEN_FILE, AwsCredentials, S3Api, web_identity
from mlplatform.services.aws_texts import S3Texts

LOGIN = ("aws", "configure", "export-credentials", "--format", "process")
"""https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html"""


def build(folder: str, run: RunsCommand) -> KeepsText:
    """The folder of the copy."""
    address = urlsplit(folder)
    region = parse_qs(address.query)["region"][0]
    own = web_identity(os.environ, region) if os.environ.get(TOKEN_FILE) else _of_command_line(run)
    return S3Texts(S3Api(own, region), address.netloc, address.path.strip("/"))


def _of_command_line(run: RunsCommand) -> AwsCredentials:
    given = json.loads(run(LOGIN))
    return AwsCredentials(
        key=given["AccessKeyId"], secret=given["SecretAccessKey"], token=given.get("SessionToken") or ""
    )
