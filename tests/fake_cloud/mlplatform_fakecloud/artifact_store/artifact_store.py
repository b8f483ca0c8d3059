"""A toy store."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.components.artifact_store import StoreParts
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place, StoreAccess
from mlplatform_fakecloud.resources import thing


@dataclass(frozen=True, kw_only=True)
class FakeStore(StoreParts):
    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        return None

    def grant_folder(self, identity: Identity, place: Place, folder: str, access: StoreAccess = "write") -> None:
        return None


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> FakeStore:
    return FakeStore(uris={place: thing(scope, place) for place in PLACES})
