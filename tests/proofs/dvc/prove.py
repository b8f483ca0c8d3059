"""DVC's own program with the rendered `.dvc/config`: against moto's server for S3, and an emulator of Cloud Storage."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import boto3
from repository import NotProven, free_port, prove_versions, rendered, server

KEYS = {"AWS_ACCESS_KEY_ID": "proof", "AWS_SECRET_ACCESS_KEY": "proof", "AWS_EC2_METADATA_DISABLED": "true"}


def option(config: str, name: str) -> str:
    """The value of an option of the rendered remote."""
    found = re.search(rf"^    {name} = (.+)$", config, re.MULTILINE)
    if found is None:
        raise NotProven(f"the configuration has no {name}:\n{config}")
    return found[1]


def prove_s3(folder: Path) -> str:
    """Objects arrive in the bucket, encrypted with the key that the configuration names."""
    config, port = rendered("aws"), free_port()
    address = f"http://127.0.0.1:{port}"
    bucket = option(config, "url").removeprefix("s3://").partition("/")[0]
    with server(["moto_server", "-H", "127.0.0.1", "-p", str(port)], port):
        account = {"aws_access_key_id": "proof", "aws_secret_access_key": "proof"}
        s3 = boto3.client("s3", endpoint_url=address, region_name=option(config, "region"), **account)
        s3.create_bucket(Bucket=bucket)
        local = f"['remote \"prod-aws-data\"']\n    endpointurl = {address}\n"
        files = prove_versions(folder, config, local, KEYS)
        objects = s3.list_objects_v2(Bucket=bucket)["Contents"]
        for each in objects:
            head = s3.head_object(Bucket=bucket, Key=each["Key"])
            said = (head.get("ServerSideEncryption"), head.get("SSEKMSKeyId"))
            if said != ("aws:kms", option(config, "sse_kms_key_id")) or not each["Key"].startswith("dvc/"):
                raise NotProven(f"{each['Key']} is encrypted with {said}")
    return f"S3: {files} files of 2 versions, {len(objects)} objects with the platform's key"


def prove_gcs(folder: Path) -> str:
    """Objects arrive in the bucket."""
    config, port = rendered("gcp"), free_port()
    bucket = option(config, "url").removeprefix("gs://").partition("/")[0]
    start = ["gcp-storage-emulator", "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    with server([*start, "--default-bucket", bucket], port):
        files = prove_versions(folder, config, "", {"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}"})
    return f"Cloud Storage: {files} files of 2 versions"


def main() -> int:
    """Prove both; the exit code is not zero if anything fails."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            said = [prove_s3(Path(scratch) / "s3"), prove_gcs(Path(scratch) / "gcs")]
        except NotProven as error:
            print(error)
            return 1
    print("; ".join([*said, "a wrong option is refused"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
