"""The clouds' stores and queues, behind one interface. No SDK but boto3, which the programs' image has."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.monitor.clouds.port import ObjectStore

SCHEMES = ("s3://", "gs://", "abfs://", "abfss://", "wasbs://", "https://")
"""Beginnings of the addresses of stores."""


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
        from mlplatform.monitor.clouds.aws import open_bucket

        return open_bucket(address, environment)
    if address.startswith("gs://"):
        from mlplatform.monitor.clouds.google import open_gcs

        return open_gcs(address)
    from mlplatform.monitor.clouds.azure import open_container

    return open_container(address, environment)


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
        from mlplatform.monitor.clouds.google import publish

        publish(inbox, text)
    elif ".queue.core." in inbox:
        from mlplatform.monitor.clouds.azure import put_message

        put_message(inbox, text, environment)
    elif inbox.startswith("https://sqs."):
        from mlplatform.monitor.clouds.aws import send_message

        send_message(inbox, text, environment)
    else:
        raise ValueError(f"{inbox}: expected the address of a queue of SQS, Pub/Sub or Azure's storage")
