"""A logic app that turns an alert into a Slack message: Slack cannot read Azure's common alert schema."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import logic

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.monitoring import SlackRoute

_TRIGGER = "alert"
_ESSENTIALS = "triggerBody()?['data']?['essentials']"
_TEXT = " ".join(
    f"@{{{_ESSENTIALS}?['{field}']}}" for field in ("severity", "monitorCondition", "alertRule", "description")
)


@record(kw_only=True)
class SlackApp:
    """The logic app of one channel."""

    id: pulumi.Output[str]
    """Resource id."""

    callback_url: pulumi.Output[str]
    """Address for alerts; everyone who has it can write to the channel, so it is a secret."""


def make_slack_app(scope: Scope, route: SlackRoute) -> SlackApp:
    """Make the logic app of one channel; the bot token is a secure parameter and not in the run history."""
    channel = route.channel[1:]
    app = logic.Workflow(
        scope.child(f"slack-{channel}"),
        workflow_name=physical_name(scope.spec, "logic-app", f"slack-{channel}"),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        state=logic.WorkflowState.ENABLED,
        # nobody may read the inputs and outputs of past runs
        access_control=logic.FlowAccessControlConfigurationArgs(
            contents=logic.FlowAccessControlConfigurationPolicyArgs(
                allowed_caller_ip_addresses=[logic.IpAddressRangeArgs(address_range="0.0.0.0-0.0.0.0")]
            )
        ),
        parameters={
            "token": logic.WorkflowParameterArgs(
                type=logic.ParameterType.SECURE_STRING, value=scope.secret(route.token_secret)
            )
        },
        definition=_definition(route.channel_id),
        tags=scope.tags,
        opts=scope.opts(),
    )
    # the address contains a signature that only Azure can make, so it cannot be declared
    callback = logic.list_workflow_trigger_callback_url_output(
        resource_group_name=resource_group(scope).group_name,
        workflow_name=app.name,
        trigger_name=_TRIGGER,
        opts=pulumi.InvokeOutputOptions(parent=scope.component),
    )
    return SlackApp(id=app.id, callback_url=pulumi.Output.secret(callback.value))


def _definition(channel_id: str) -> dict[str, object]:
    secure = {"secureData": {"properties": ["inputs", "outputs"]}}
    return {
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01"
        "/workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"token": {"type": "securestring"}},
        "triggers": {_TRIGGER: {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": {
            "post": {
                "type": "Http",
                "inputs": {
                    "method": "POST",
                    "uri": "https://slack.com/api/chat.postMessage",
                    "headers": {
                        "Content-Type": "application/json; charset=utf-8",
                        "Authorization": "@{concat('Bearer ', parameters('token'))}",
                    },
                    "body": {"channel": channel_id, "text": _TEXT},
                },
                "runtimeConfiguration": secure,
                "runAfter": {},
            }
        },
        "outputs": {},
    }
