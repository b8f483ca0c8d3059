"""The toy ground."""

from mlplatform.components.foundation import FoundationParts
from mlplatform.components.scope import Scope
from mlplatform_fakecloud.resources import thing


def build(scope: Scope) -> FoundationParts:
    thing(scope, "ground")
    return FoundationParts()
