"""Pulumi's entry of the policy pack: serves the rules to the engine."""

from mlplatform.checks.pack import serve

serve()
