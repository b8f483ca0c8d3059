"""Removal of old images by a weekly task: the registry's retention policy covers only untagged images."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from pulumi_azure_native import containerregistry

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec


def schedule_clean_up(scope: Scope, spec: RegistrySpec, registry: containerregistry.Registry, name: str) -> None:
    """Make the task with its roles, and note the step that a person must take."""
    task = containerregistry.Task(
        scope.child("clean-up"),
        task_name=physical_name(scope.spec, "task", "clean-up"),
        registry_name=known_output(registry, name),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        status=containerregistry.TaskStatus.ENABLED,
        platform=containerregistry.PlatformPropertiesArgs(
            os=containerregistry.OS.LINUX, architecture=containerregistry.Architecture.AMD64
        ),
        agent_configuration=containerregistry.AgentPropertiesArgs(cpu=2),
        identity=containerregistry.IdentityPropertiesArgs(type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED),
        # the registry admits only tasks with an identity
        credentials=containerregistry.CredentialsArgs(
            source_registry=containerregistry.SourceRegistryCredentialsArgs(
                login_mode=containerregistry.SourceRegistryLoginMode.NONE
            ),
            custom_registries={
                f"{name}.azurecr.io": containerregistry.CustomRegistryCredentialsArgs(identity="[system]")
            },
        ),
        step=containerregistry.EncodedTaskStepArgs(
            type="EncodedTask", encoded_task_content=_purge(spec.repositories, spec.keep_images)
        ),
        trigger=containerregistry.TriggerPropertiesArgs(
            timer_triggers=[
                containerregistry.TimerTriggerArgs(
                    name="weekly", schedule="0 3 * * 0", status=containerregistry.TriggerStatus.ENABLED
                )
            ]
        ),
        timeout=3600,
        tags=scope.tags,
        opts=scope.opts(),
    )
    cleaner = AzurePrincipal(id=task.identity.apply(_principal), kind="ServicePrincipal", label="clean-up")
    assign_role(scope, "list", "acr-pull", on=registry.id, to=cleaner)
    assign_role(scope, "purge", "acr-delete", on=registry.id, to=cleaner)
    scope.note(
        "registry.keep_images",
        "once, after the first `up`, let the registry's own tasks through its firewall: az resource update "
        f"--ids $(az acr show -n {name} --query id -o tsv) --api-version 2025-05-01-preview "
        "--set properties.networkRuleBypassAllowedForTasks=true",
    )


def _purge(repositories: Sequence[str], keep: int) -> str:
    filters = " ".join(f"--filter '{repository}:.*'" for repository in repositories)
    steps = f"version: v1.1.0\nsteps:\n  - cmd: acr purge {filters} --ago 0d --keep {keep}\n"
    steps += "    disableWorkingDirectoryOverride: true\n    timeout: 3600\n"
    return base64.b64encode(steps.encode()).decode()


def _principal(identity: containerregistry.outputs.IdentityPropertiesResponse | None) -> str:
    return identity.principal_id or "" if identity else ""
