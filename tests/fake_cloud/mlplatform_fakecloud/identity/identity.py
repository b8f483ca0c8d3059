"""Toy identities."""

from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import IdentityParts, Purpose
from mlplatform.components.scope import Scope
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> IdentityParts:
    return IdentityParts(principal=thing(scope, "principal"))
