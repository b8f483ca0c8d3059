"""Addresses of a cloud, and commands of its own tools, that are known without an account."""

from __future__ import annotations

from abc import ABC

from mlplatform.components.artefacts import DataRemote, FeastOnline, FeastRegistry, Fetch, Transfer
from mlplatform.components.not_built import NotBuilt
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH


class BackendAddresses(ABC):
    """What a backend says of a spec without building it; a cloud without something says so itself, or raises."""

    title: str
    """For people, for example `AWS`."""

    def place_uri(self, spec: PlatformSpec, place: Place) -> str:
        """Address of a place of the store of a spec narrowed to this cloud, without a slash at its end.

        Empty if it is unknown: the record's addresses are then not held against it, nothing can be copied there, and
        no pipeline can be written.
        """
        del spec, place
        return ""

    def models_uri(self, spec: PlatformSpec) -> str:
        """Address of the store's `models` place, as `place_uri` gives it."""
        return self.place_uri(spec, "models")

    def record_uri(self, spec: PlatformSpec) -> str:
        """Address of the copy of the record of releases, which the steps of pipelines read.

        Empty where the address of the store is unknown, or `models` is write-once, so that no copy could be replaced:
        the record is not copied then.
        """
        models = "" if spec.artifact_store.place("models").worm else self.models_uri(spec)
        return f"{models}/{COPY_PATH}" if models else ""

    def has_private_store(self, spec: PlatformSpec) -> bool:
        """Whether nobody reaches the store but from the platform's own network.

        Args:
            spec: narrowed to this cloud.
        """
        del spec
        return False

    def data_remote(self, spec: PlatformSpec, place: Place) -> DataRemote:
        """A place of the store as a remote of DVC, known without an account.

        Args:
            spec: narrowed to this cloud.
            place: the place.

        Raises:
            NotImplementedError: DVC knows no such store, or the backend cannot name it.
        """
        raise NotBuilt(f"the backend of {self.title} names no store for DVC")

    def feast_registry(self, spec: PlatformSpec) -> FeastRegistry:
        """Where Feast keeps its definitions of features in the store, known without an account.

        Args:
            spec: narrowed to this cloud.

        Raises:
            NotImplementedError: Feast knows no such store, or the backend cannot name it.
        """
        raise NotBuilt(f"the backend of {self.title} names no store for Feast")

    def feast_online(self, spec: PlatformSpec) -> FeastOnline:
        """Where Feast keeps the newest values, known without an account.

        Args:
            spec: narrowed to this cloud.

        Raises:
            NotImplementedError: the backend makes no online store.
        """
        raise NotBuilt(f"the backend of {self.title} makes no online store of features")

    def door_command(self, spec: PlatformSpec, message: str) -> tuple[str, ...]:
        """The command of the cloud's own command line that puts a message into the queue of the pipelines' door.

        Args:
            spec: narrowed to this cloud; validated.
            message: the message, JSON.

        Raises:
            NotImplementedError: the backend makes no door.
        """
        del spec, message
        raise NotBuilt(f"the backend of {self.title} makes no door for pipelines")

    def own_images(self, spec: PlatformSpec) -> tuple[str, ...]:
        """Addresses of the platform's own image repositories, in a spec narrowed to this cloud."""
        return ()

    def own_image(self, spec: PlatformSpec, repository: str, name: str) -> str:
        """Address of an image in one of the platform's own repositories, without a tag.

        Args:
            spec: narrowed to this cloud.
            repository: name of the repository in `registry.repositories`, or of an existing one that the target names.
            name: name of the image, on clouds whose repositories hold several.

        Raises:
            LookupError: there is no such repository.
        """
        raise LookupError(f"the platform has no repository {repository}")

    def transfer(self, source: str, uri: str, *, folder: bool) -> Transfer:
        """The commands that copy an artefact into the store, and list it there.

        Args:
            source: local file or folder.
            uri: address in the store.
            folder: whether the source is a folder.

        Raises:
            NotImplementedError: the backend has no such commands.
        """
        raise NotBuilt(f"the backend of {self.title} copies no artefacts")

    def fetch(self, uri: str, folder: str) -> Fetch:
        """The command that copies an artefact out of the store.

        Args:
            uri: address of its folder in the store, with a slash at its end.
            folder: an empty local folder.

        Raises:
            NotImplementedError: the backend has no such command.
        """
        raise NotBuilt(f"the backend of {self.title} fetches no artefacts")

    def image_login(self, address: str) -> str:
        """The line of shell that lets `crane` read and write one of the platform's own repositories.

        Args:
            address: the repository's address.

        Raises:
            NotImplementedError: the backend has no such command.
        """
        raise NotBuilt(f"the backend of {self.title} logs in to no registry")

    def look_image(self, spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
        """The command that fails unless one of the platform's own images is there.

        Args:
            spec: narrowed to this cloud.
            image: without tag and digest.
            digest: `sha256:…`.

        Raises:
            NotImplementedError: the backend has no such command.
        """
        raise NotBuilt(f"the backend of {self.title} looks for no images")

    def look_secret(self, spec: PlatformSpec, secret: str) -> tuple[str, ...]:
        """The command that prints nothing, or fails, unless a secret of an endpoint has a value.

        Args:
            spec: narrowed to this cloud.
            secret: name of the secret.

        Raises:
            NotImplementedError: the backend has no such command.
        """
        raise NotBuilt(f"the backend of {self.title} looks for no secrets")
