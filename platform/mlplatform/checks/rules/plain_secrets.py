"""Secrets are not stored in environment variables."""

from __future__ import annotations

from mlplatform.checks.environment import Variables, listed_variables, mapped_variables
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _secrets(path: str, read: Variables, resource: Resource) -> list[CheckFault]:
    return [
        CheckFault("A variable holds a secret that everybody who may view the workload can read.", at)
        for at, secret in read(resource, path)
        if secret
    ]


_PLACES: tuple[tuple[str, str, Variables], ...] = (
    ("aws:sagemaker/model:Model", "primaryContainer.environment", mapped_variables),
    ("aws:sagemaker/model:Model", "containers[].environment", mapped_variables),
    ("aws:lambda/function:Function", "environment.variables", mapped_variables),
    ("gcp:cloudrunv2/service:Service", "template.containers[].envs[]", listed_variables),
    ("gcp:cloudrunv2/job:Job", "template.template.containers[].envs[]", listed_variables),
    ("gcp:cloudfunctionsv2/function:Function", "serviceConfig.environmentVariables", mapped_variables),
    ("azure-native:app:ContainerApp", "template.containers[].env[]", listed_variables),
    ("azure-native:app:Job", "template.containers[].env[]", listed_variables),
    ("azure-native:machinelearningservices:OnlineDeployment", "properties.environmentVariables", mapped_variables),
    ("azure-native:web:WebApp", "siteConfig.appSettings[]", listed_variables),
)
_LINKS = {
    "aws": "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    "gcp": "https://cloud.google.com/run/docs/configuring/services/secrets",
    "azure-native": "https://learn.microsoft.com/azure/container-apps/manage-secrets",
}
_REFS = {"gcp": ("CIS GCP 4.0 1.17",), "azure-native": ("MCSB IM-8",)}

RULE = CheckRule(
    id="plain-secrets",
    level="high",
    topic="identity",
    title="Secrets are not stored in environment variables",
    why="Consoles, logs and support tickets show variables to everybody who may view the workload.",
    fix="Keep the secret in the secret store and let the workload read it with its identity.",
    entries=tuple(
        Entry(
            (token,),
            lambda resource, path=path, read=read: _secrets(path, read, resource),
            refs=_REFS.get(token.partition(":")[0], ()),
            link=_LINKS[token.partition(":")[0]],
        )
        for token, path, read in _PLACES
    ),
)
