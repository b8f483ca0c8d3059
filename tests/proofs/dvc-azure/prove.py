"""DVC's own program with the rendered `.dvc/config`, against Azurite.

Azurite takes a shared key, which the platform's accounts refuse: `config.local` has it here. That DVC logs in with an
identity is not proven.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from azure.storage.blob.aio import BlobServiceClient

sys.path.insert(0, str(Path(__file__).parents[1] / "dvc"))
from repository import NotProven, free_port, prove_versions, rendered, server

KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key that Azurite's own documentation names; it opens nothing else."""


async def make_container(connection: str, name: str) -> None:
    """The container that `up` would have made."""
    async with BlobServiceClient.from_connection_string(connection) as client:
        await client.create_container(name)


def main() -> int:
    """Prove it; the exit code is not zero if anything fails."""
    tools = Path(os.environ["MLPLATFORM_PROOF_ENVIRONMENT"])
    program = tools / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    config, port = rendered("azure"), free_port()
    account = re.search(r"^    account_name = (.+)$", config, re.MULTILINE)
    remote = re.search(r"^    remote = (.+)$", config, re.MULTILINE)
    container = re.search(r"^    url = azure://([^/]+)/", config, re.MULTILINE)
    if not (account and remote and container):
        print(f"the configuration lacks the account, the container or the default remote:\n{config}")
        return 1
    connection = (
        f"DefaultEndpointsProtocol=http;AccountName={account[1]};AccountKey={KEY};"
        f"BlobEndpoint=http://127.0.0.1:{port}/{account[1]};"
    )
    os.environ["AZURITE_ACCOUNTS"] = f"{account[1]}:{KEY}"
    with tempfile.TemporaryDirectory() as scratch:
        start = ["node", str(program), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", scratch]
        local = f"['remote \"{remote[1]}\"']\n    connection_string = {connection}\n"
        try:
            with server([*start, "--skipApiVersionCheck", "--silent"], port):
                asyncio.run(make_container(connection, container[1]))
                files = prove_versions(Path(scratch) / "repository", config, local, {})
        except NotProven as error:
            print(error)
            return 1
    print(f"Azure Blob Storage: {files} files of 2 versions; a wrong option is refused; the identity is not proven")
    return 0


if __name__ == "__main__":
    sys.exit(main())
