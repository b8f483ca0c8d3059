"""Resources inside of others: those of ARM templates, and those that AWS's Cloud Control makes from a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from mlplatform.checks.resource import plain_type
from mlplatform.plan.documents import TEMPLATE, UnknownInput, document_in, template_resources
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import mapping, text

_CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
_AWS_SERVICES = {
    "logs": "cloudwatch",
    "events": "cloudwatch",
    "elasticloadbalancingv2": "lb",
    "certificatemanager": "acm",
    "aps": "amp",
    "applicationautoscaling": "appautoscaling",
}
"""Services of CloudFormation under other names than in the provider."""
_AWS_NOUNS = {"Alarm": "MetricAlarm", "ScalableTarget": "Target", "ScalingPolicy": "Policy", "DBInstance": "Instance",
              "DBCluster": "Cluster", "Nodegroup": "NodeGroup", "EndpointConfig": "EndpointConfiguration",
              "RuleGroupsNamespace": "RuleGroupNamespace", "Subscription": "TopicSubscription"}  # fmt: skip
"""Resources of CloudFormation under other names than in the provider."""
_AZURE_MODULES = {"insights": "monitor", "documentdb": "cosmosdb"}
_AZURE_NOUNS = {"Lock": "ManagementLockByScope", "Vault": "Vault", "Redis": "Redis"}


@lru_cache(maxsize=10_000)
def familiar_type(token: str) -> str:
    """A type without API version, and of the provider that the tables are about where two providers have it."""
    token = plain_type(token)
    package, _, rest = token.partition(":")
    if package in ("aws-native", "google-native") and rest.count(":") == 1:
        service, noun = rest.split(":")
        service = service.partition("/")[0]
        return _aws(service, noun) if package == "aws-native" else f"gcp:{service}/{_lower(noun)}:{noun}"
    return token


def inside(step: Step) -> dict[tuple[str, str], tuple[str, Step]] | None:
    """Resources inside of one, by type and name, each with its path; None where it is one itself, or cannot be read."""
    token = plain_type(step.type)
    try:
        if token == TEMPLATE:
            return {
                (arm_type(resource), text(resource.get("name"))): (path, _inner(step, arm_type(resource), resource))
                for path, resource in template_resources(step)
                if text(resource.get("type")).lower() != "microsoft.resources/deployments"
            }
        if token == _CLOUD_CONTROL:
            kind = text(step.inputs.get("typeName"))
            state = mapping(document_in(step.inputs.get("desiredState"), "desiredState"))
            if kind.count("::") == 2 and state:
                made = _aws(*kind.split("::")[1:])
                return {(made, ""): ("desiredState", _inner(step, made, state))}
    except UnknownInput:
        return None
    return None


def arm_type(resource: Mapping[str, object]) -> str:
    """The type of an ARM resource as azure-native writes it."""
    kind = text(resource.get("type")).partition("@")[0]
    namespace, _, rest = kind.partition("/")
    noun = rest.rpartition("/")[2]
    noun = re.sub(r"ies$", "y", noun) if noun.endswith("ies") else noun.removesuffix("s")
    noun = noun[:1].upper() + noun[1:]
    module = namespace.lower().removeprefix("microsoft.")
    return f"azure-native:{_AZURE_MODULES.get(module, module)}:{_AZURE_NOUNS.get(noun, noun)}"


def _aws(service: str, noun: str) -> str:
    name = _AWS_NOUNS.get(noun, noun)
    return f"aws:{_AWS_SERVICES.get(service.lower(), service.lower())}/{_lower(name)}:{name}"


def _lower(noun: str) -> str:
    return noun[:1].lower() + noun[1:]


def _inner(step: Step, token: str, resource: Mapping[str, object]) -> Step:
    return replace(step, type=token, inputs=dict(resource), property_dependencies={})
