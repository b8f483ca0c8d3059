"""A toy model registry."""

from dataclasses import dataclass
from typing import Literal

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.registry import ImageRegistry, ModelRegistryParts
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec
from mlplatform_fakecloud.resources import thing


@dataclass(frozen=True, kw_only=True)
class FakeModels(ModelRegistryParts):
    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        return None

    def grant_jobs(self, identity: Identity, runs_as: Identity) -> None:
        return None


def build(scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys) -> FakeModels:
    return FakeModels(groups={name: thing(scope, name) for name in spec.models})
