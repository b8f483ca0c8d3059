"""Where a target keeps data, artefacts of models and the platform's own images, and the commands that fill and look.

The commands are those of the clouds' own command lines, so that a person can run them with the rights they have.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.fast.record import record


def own_repository(addresses: Mapping[str, str], repository: str) -> str:
    """Address of one of the platform's own repositories.

    Args:
        addresses: all of them, by name.
        repository: its name.

    Raises:
        LookupError: there is no such repository.
    """
    address = addresses.get(repository)
    if address is None:
        raise LookupError(f"the platform has no repository {repository}")
    return address


@record()
class Transfer:
    """The commands for one artefact."""

    copy: tuple[str, ...]
    """Copies a local folder or file into the store."""

    look: tuple[str, ...]
    """Prints one line per file of the artefact, and nothing, or an error, where there is none."""


@record()
class Fetch:
    """The command that copies an artefact out of the store, and where its files are then."""

    command: tuple[str, ...]
    """Copies it into a local folder, which is there."""

    folder: str
    """The folder that then has the files as the store's folder has them."""


@record()
class DataRemote:
    """A place of the store as a remote of DVC, https://dvc.org/doc/command-reference/remote/modify"""

    url: str
    """Address of the place, without a slash at its end."""

    options: tuple[tuple[str, str], ...]
    """Options of the remote by their names in DVC, without any secret: people and jobs log in with their identities."""


FEAST_FILE = "feast/registry.db"
"""The file of Feast's definitions in the place of features."""


@record()
class FeastRegistry:
    """The file in which Feast keeps its definitions, https://docs.feast.dev/reference/registries"""

    path: str
    """Address of the file, as Feast writes addresses of this cloud's store."""

    extra: str
    """Extra of the package `feast` that reads and writes it."""

    store_type: str | None = None
    """Class of Feast for the store, where the address does not tell it."""


@record(kw_only=True)
class FeastOnline:
    """The online store, https://docs.feast.dev/reference/online-stores"""

    kind: str
    """Its type in Feast: a word, or a class."""

    extra: str
    """Extra of the package `feast` that reads and writes it."""

    options: tuple[tuple[str, str], ...]
    """Options by their names in Feast, without any secret."""

    packages: tuple[str, ...] = ()
    """Further packages, with their versions."""

    program: str | None = None
    """File of Python with the class, beside the definitions. None: Feast has it."""

    expires: bool = False
    """Whether it deletes a value by the time to live that its group had when the value was written: with another time,
    all values are written again."""
