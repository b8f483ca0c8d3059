"""Secrets are not stored in environment variables."""

from __future__ import annotations

from mlplatform.checks.environment import Variables, listed, mapped
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Entry, Fault, Rule


def _secrets(path: str, read: Variables, resource: Resource) -> list[Fault]:
    return [
        Fault("A variable holds a secret that everybody who may view the workload can read.", at)
        for at, secret in read(resource, path)
        if secret
    ]


_PLACES: tuple[tuple[str, str, Variables], ...] = (
    ("aws:sagemaker/model:Model", "primaryContainer.environment", mapped),
    ("aws:sagemaker/model:Model", "containers[].environment", mapped),
    ("aws:lambda/function:Function", "environment.variables", mapped),
    ("gcp:cloudrunv2/service:Service", "template.containers[].envs[]", listed),
    ("gcp:cloudrunv2/job:Job", "template.template.containers[].envs[]", listed),
    ("gcp:cloudfunctionsv2/function:Function", "serviceConfig.environmentVariables", mapped),
    ("azure-native:app:ContainerApp", "template.containers[].env[]", listed),
    ("azure-native:app:Job", "template.containers[].env[]", listed),
    ("azure-native:machinelearningservices:OnlineDeployment", "properties.environmentVariables", mapped),
    ("azure-native:web:WebApp", "siteConfig.appSettings[]", listed),
)
_LINKS = {
    "aws": "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    "gcp": "https://cloud.google.com/run/docs/configuring/services/secrets",
    "azure-native": "https://learn.microsoft.com/azure/container-apps/manage-secrets",
}
_REFS = {"gcp": ("CIS GCP 4.0 1.17",), "azure-native": ("MCSB IM-8",)}

RULE = Rule(
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
