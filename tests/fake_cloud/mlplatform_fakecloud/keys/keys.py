"""Toy keys."""

from mlplatform.components.foundation import Foundation
from mlplatform.components.keys import KeysParts
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KEY_PURPOSES, KeysSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: KeysSpec, foundation: Foundation) -> KeysParts:
    return KeysParts(ids={purpose: thing(scope, purpose) for purpose in KEY_PURPOSES})
