"""Checks of a plan: the rules, the engine that applies them, and the classes that a rule of your own is made of."""

from __future__ import annotations

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.deprecation import former_names

__all__ = ["CheckFault", "CheckRule", "Entry", "Resource", "UnknownInput"]


__getattr__ = former_names(__name__, {"Fault": CheckFault, "NotKnown": UnknownInput, "Rule": CheckRule})
