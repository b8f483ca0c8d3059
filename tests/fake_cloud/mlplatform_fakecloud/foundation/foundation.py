"""The toy ground."""

from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform_fakecloud.resources import thing


def build(scope: Scope) -> FoundationParts:
    thing(scope, "ground")
    return FoundationParts()
