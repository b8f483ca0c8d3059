"""Which replacements delete the old resource first, known without an SDK."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlplatform.providers.deleted_first import deletes_first


@pytest.mark.parametrize(
    ("token", "old", "new", "first"),
    [
        # the provider would generate another name: the program keeps its own
        ("aws:s3/bucket:Bucket", {"bucket": "a"}, {"bucket": "a"}, True),
        ("aws:s3/bucket:Bucket", {"bucket": "a"}, {"bucket": "b"}, False),
        ("aws:s3/bucket:Bucket", {}, {}, False),
        # the provider generates no name for these
        ("aws:sagemaker/domain:Domain", {"domainName": "a"}, {"domainName": "a"}, False),
        ("gcp:bigquery/dataset:Dataset", {"datasetId": "a"}, {"datasetId": "a"}, False),
        ("gcp:storage/bucket:Bucket", {"name": "a"}, {"name": "a"}, True),
        ("azure-native:storage:StorageAccount", {"accountName": "a"}, {"accountName": "a"}, True),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "a"}}, {"metadata": {"name": "a"}}, True),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, False),
        ("example:index:Thing", {"name": "a"}, {"name": "a"}, False),
    ],
)
def test_a_kept_name_is_deleted_first(
    token: str, old: dict[str, object], new: dict[str, object], *, first: bool
) -> None:
    assert deletes_first(token, old, new) is first


def test_a_review_of_a_file_needs_no_sdk() -> None:
    code = (
        "import sys\n"
        "from mlplatform.providers.deleted_first import deletes_first\n"
        "assert deletes_first('aws:s3/bucket:Bucket', {'bucket': 'a', 'count': [1, None]}, {'bucket': 'a'})\n"
        "import mlplatform.review, mlplatform.views.comment.comment\n"
        "print([name for name in sys.modules if name.startswith('pulumi')])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
