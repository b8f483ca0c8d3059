"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import TypedDict


class BaseModelSpec(TypedDict):
    """A published model, at one commit. `mlplatform import-model` prints it, and mirrors its files into the store.

    Planning asks nobody: the licence and the digest were looked up when it was written here, and are reviewed
    with it.
    """

    id: str
    """Its name at Hugging Face: `acme/base`."""

    revision: str
    """The whole commit, 40 hexadecimal digits. Branches and tags are refused, because they move."""

    licence: str
    """Its licence, as SPDX writes it: `Apache-2.0`; for one that SPDX does not know, `LicenseRef-llama3.1`. A gate
    with `licences` must have it.
    """

    digest: str
    """SHA-256 of the list of its files with their digests, as `mlplatform import-model` prints it: the mirror takes
    no other bytes, wherever they come from.
    """
