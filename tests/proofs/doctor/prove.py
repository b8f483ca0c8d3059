"""`mlplatform doctor --live`, whole, with the AWS CLI against moto."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

PORT = 5_077
TOOLS = Path(sys.executable).parent
PROVIDER = "https://token.actions.githubusercontent.com"
SECRET = "ecr-pullthroughcache/acme-prod-docker-io"


class NotProven(Exception):
    """What does not hold."""


def environment(home: str) -> dict[str, str]:
    """An account of moto's, and nothing of whoever runs this."""
    return {
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "HOME": home,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        # what moto lacks is answered with an error of the server, which the CLI would ask for again
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
    }


def aws(home: str, *words: str) -> None:
    """Change the account, as somebody else would."""
    command = [TOOLS / "aws", *words, "--region", "us-east-1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(home))
    if done.returncode:
        raise NotProven(f"{' '.join(words)}: {done.stderr[-300:]}")


def look(home: str) -> list[dict[str, Any]]:
    """What doctor finds in the account."""
    python = os.environ.get("MLPLATFORM_PYTHON", sys.executable)
    spec = Path(__file__).with_name("acme.yaml")
    command = [python, "-m", "mlplatform", "doctor", spec, "--live", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(home))
    if done.returncode not in {0, 1}:
        raise NotProven(f"doctor ended with {done.returncode}: {done.stderr[-500:]}")
    found = [each for each in json.loads(done.stdout)["findings"] if each["target"]]
    for each in found:
        # the CLI prints its usage where it cannot read a command
        if "usage" in each["found"].lower() or "Invalid choice" in each["found"]:
            raise NotProven(f"the AWS CLI cannot read a command: {each}")
    return found


def expect(found: list[dict[str, Any]], subject: str, standing: str, fix: str = "") -> None:
    """One finding, as it must be."""
    of = [each for each in found if each["subject"].startswith(subject)]
    if [each["standing"] for each in of] != [standing] or fix not in (of[0]["fix"] or ""):
        raise NotProven(f"expected {subject} {standing} {fix}: {of or sorted(each['subject'] for each in found)}")


def main() -> None:
    """An account that has nothing, then one with what would stop the first `up`."""
    os.environ["MOTO_ACCOUNT_ID"] = "345678901234"
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=PORT, verbose=False)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as home:
            found = look(home)
            for subject in (
                "the account",
                "g6.xlarge",
                "identity provider",
                "deleted secrets",
                "trails",
                "VPCs per Region",
            ):
                expect(found, subject, "ok")
            unknown = sorted(each["subject"] for each in found if each["standing"] == "unknown")
            aws(
                home,
                "iam",
                "create-open-id-connect-provider",
                "--url",
                PROVIDER,
                "--client-id-list",
                "sts.amazonaws.com",
            )
            aws(home, "secretsmanager", "create-secret", "--name", SECRET, "--secret-string", "x")
            aws(home, "secretsmanager", "delete-secret", "--secret-id", SECRET)
            found = look(home)
            provider = "arn:aws:iam::345678901234:oidc-provider/token.actions.githubusercontent.com"
            expect(found, "identity provider", "missing", f"oidc_provider_arn='{provider}'")
            expect(found, f"secret {SECRET}", "missing", "--force-delete-without-recovery")
            print(f"{len(found)} findings; moto does not answer, and they are unknown: {', '.join(unknown) or 'none'}")
    finally:
        server.stop()


main()
