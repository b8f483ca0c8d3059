"""How long Azure's services take to know a new role assignment. Imports no SDK."""

from __future__ import annotations

ROLE_SECONDS = 180
"""From an assignment until a service that encrypts, a cluster or a workspace acts on it: minutes, at most ten,
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting. Nothing retries what they refuse until
then, for example KeyVaultAuthenticationFailure: Azure/bicep#16601, hashicorp/terraform-provider-azurerm#32855."""
