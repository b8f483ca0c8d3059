"""Checks over a plan: rules, the engine that asks them, and what a rule of your own is made of."""

from mlplatform.checks.resource import NotKnown, Resource
from mlplatform.checks.rule import Entry, Fault, Rule

__all__ = ["Entry", "Fault", "NotKnown", "Resource", "Rule"]
