"""A toy image registry."""

from dataclasses import dataclass
from typing import Literal

from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.registry import ImageRegistryParts
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec
from mlplatform_fakecloud.resources import thing


@dataclass(frozen=True, kw_only=True)
class FakeImages(ImageRegistryParts):
    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        return None


def build(scope: Scope, spec: RegistrySpec, keys: Keys) -> FakeImages:
    return FakeImages(addresses={name: thing(scope, name) for name in spec.repositories})
