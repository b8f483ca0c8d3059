"""The clouds' stores and queues, behind one interface. No SDK but boto3, which the programs' image has."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mlplatform.services.doors import sender_of
from mlplatform.services.stores.port import ObjectStore, open_object

SCHEMES = ("s3://", "gs://", "abfs://", "abfss://", "wasbs://", "https://")
"""Beginnings of the addresses of stores."""

_COPIED = 4 * 2**20
"""Bytes that are copied at once."""


def open_store(address: str, environment: Mapping[str, str]) -> tuple[ObjectStore, str]:
    """The store of an address, and the folder there.

    Args:
        address: `s3://bucket/folder`, `gs://bucket/folder`, or Azure's `https://account.blob.core.windows.net/c/folder`
            and `abfss://c@account.dfs.core.windows.net/folder`.
        environment: of the process.

    Raises:
        ValueError: it has no such form.
        OSError: the environment has no identity for it.
    """
    if address.startswith("s3://"):
        from mlplatform.services.stores.aws import open_bucket

        return open_bucket(address, environment)
    if address.startswith("gs://"):
        from mlplatform.services.stores.google import open_gcs

        return open_gcs(address)
    from mlplatform.services.stores.azure import open_container

    return open_container(address, environment)


def copy_folder(address: str, to: Path, environment: Mapping[str, str]) -> int:
    """Copy the files of a folder of a store, block by block.

    Args:
        address: as in `open_store`.
        to: a folder on this machine; it is made.
        environment: of the process.

    Returns:
        The number of files; 0 where the folder is not there.

    Raises:
        ValueError: the address has no such form, or the name of a file leads out of the folder.
        OSError: the store or the disk refuses.
    """
    store, folder = open_store(address.rstrip("/"), environment)
    files = 0
    for found in store.listed(f"{folder}/"):
        name = PurePosixPath(found.name.removeprefix(f"{folder}/"))
        if ".." in name.parts or name.is_absolute():
            raise ValueError(f"{found.name}: a name that leads out of its folder")
        if found.name.endswith("/"):
            # what consoles make to show a folder
            continue
        file = to / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with open_object(store, found) as stream, file.open("wb") as written:
            shutil.copyfileobj(stream, written, _COPIED)
        files += 1
    return files


def send_to_door(inbox: str, text: str, environment: Mapping[str, str]) -> None:
    """Put a message into a door's queue.

    Args:
        inbox: address of the queue, as the platform's output `door` has it.
        text: the message, JSON.
        environment: of the process.

    Raises:
        ValueError: the address has no known form.
        OSError: the queue does not take it.
    """
    if inbox.startswith("projects/"):
        from mlplatform.services.stores.google import publish

        publish(inbox, text)
    elif ".queue.core." in inbox:
        from mlplatform.services.stores.azure import put_message

        put_message(inbox, text, environment)
    elif inbox.startswith("https://sqs."):
        from mlplatform.services.stores.aws import send_message

        send_message(inbox, text, environment)
    elif send := sender_of(inbox):
        send(inbox, text, environment)
    else:
        raise ValueError(
            f"{inbox}: expected the address of a queue of SQS, Pub/Sub or Azure's storage, or of a cloud whose package "
            "is installed here"
        )
