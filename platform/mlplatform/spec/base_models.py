"""Models that others published and that a pipeline starts from: pinned by content, mirrored before they are read."""

from typing import Annotated

from pydantic import StringConstraints

from mlplatform.spec.base import SpecModel
from mlplatform.spec.gates import Licence

HubId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$"),
]
"""A model's name at Hugging Face: `acme/base`."""

Revision = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
"""A whole commit. A branch or a tag moves."""

FOLDER = "base-models"
"""Folder of the store's `models` in which the mirrored files are."""


class BaseModelSpec(SpecModel):
    """A published model, at one commit. `mlplatform import-model` prints it, and mirrors its files into the store.

    Planning asks nobody: the licence and the digest were looked up when it was written here, and are reviewed with it.
    """

    id: HubId
    """Its name at Hugging Face: `acme/base`."""

    revision: Revision
    """The whole commit, 40 hexadecimal digits. Branches and tags are refused, because they move."""

    licence: Licence
    """Its licence, as SPDX writes it: `Apache-2.0`; for one that SPDX does not know, `LicenseRef-llama3.1`. A gate with
    `licences` must have it."""

    digest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    """SHA-256 of the list of its files with their digests, as `mlplatform import-model` prints it: the mirror takes no
    other bytes, wherever they come from."""

    @property
    def path(self) -> str:
        """Its folder in the store's `models`, without slashes at its ends: another revision is another folder."""
        return f"{FOLDER}/{self.id}/{self.revision}"
