"""Actions of a rollout's workflow: requests to the resource manager, the endpoint's traffic, variables."""

from __future__ import annotations

from collections.abc import Mapping

RELEASE_TAG = "release"
"""The endpoint's tag with the release it should serve."""
TAKEN_BACK_TAG = "taken-back"
"""The endpoint's tag with the last release that was rolled back."""
_MANAGEMENT = "https://management.azure.com"

Actions = dict[str, object]
"""Actions by name, or one action."""


def put_traffic(name: str, traffic: str, api: str, *, after: str | None = None, mark: bool = False) -> Actions:
    """Sets the endpoint's traffic and waits until it is applied."""
    tags = f"setProperty(parameters('body')['tags'], '{RELEASE_TAG}', parameters('release'))"
    if mark:
        tags = f"setProperty({tags}, '{TAKEN_BACK_TAG}', parameters('release'))"
    return {
        name: {
            **call_manager("PUT", "@{parameters('endpoint')}", api, after=after),
            "inputs": {
                **_request("PUT", "@{parameters('endpoint')}", api),
                "headers": {"Content-Type": "application/json"},
                "body": {
                    "location": "@parameters('body')['location']",
                    "identity": "@parameters('body')['identity']",
                    "kind": "Managed",
                    "tags": f"@{tags}",
                    "properties": {
                        "authMode": "@parameters('body')['properties']['authMode']",
                        "publicNetworkAccess": "@parameters('body')['properties']['publicNetworkAccess']",
                        "mirrorTraffic": "@parameters('body')['properties']['mirrorTraffic']",
                        "traffic": traffic,
                    },
                },
            },
        },
        f"{name}-done": {
            "type": "Until",
            "expression": f"@not(contains(createArray('Updating', 'Creating'), "
            f"body('{name}-state')?['properties']?['provisioningState']))",
            "limit": {"count": 60, "timeout": "PT30M"},
            "runAfter": {name: ["Succeeded"]},
            "actions": {
                f"{name}-wait": {
                    "type": "Wait",
                    "inputs": {"interval": {"count": 15, "unit": "Second"}},
                    "runAfter": {},
                },
                f"{name}-state": call_manager("GET", "@{parameters('endpoint')}", api, after=f"{name}-wait"),
            },
        },
    }


def call_manager(method: str, address: str, api: str, *, query: str = "", after: str | None = None) -> Actions:
    """A request to the resource manager as the logic app's identity; 202 is waited for."""
    return {
        "type": "Http",
        "inputs": _request(method, address, api, query),
        "runAfter": {after: ["Succeeded"]} if after else {},
    }


def _request(method: str, address: str, api: str, query: str = "") -> Mapping[str, object]:
    return {
        "method": method,
        "uri": f"{_MANAGEMENT}{address}?api-version={api}{query}",
        "authentication": {
            "type": "ManagedServiceIdentity",
            "identity": "@parameters('identity')",
            "audience": f"{_MANAGEMENT}/",
        },
    }


def declare_variable(name: str, kind: str, after: str, value: object = None) -> Actions:
    """A variable with its first value; an empty array when omitted."""
    declared: dict[str, object] = {"name": name, "type": kind, "value": [] if value is None else value}
    return {"type": "InitializeVariable", "inputs": {"variables": [declared]}, "runAfter": {after: ["Succeeded"]}}


def set_variable(name: str, value: object) -> Actions:
    """Sets a variable."""
    return {"type": "SetVariable", "inputs": {"name": name, "value": value}, "runAfter": {}}
