"""The record's copy in Blob storage, with the login of the CI job, or that of the command line `az`."""

from __future__ import annotations

import os

from mlplatform.components.record_copy import KeepsText, RunsCommand
from mlplatform.services.azure_api import POD_TOKEN, RESOURCES, AzureApi, Service
from mlplatform.services.azure_texts import BlobTexts


def token_command(service: Service) -> tuple[str, ...]:
    """https://learn.microsoft.com/cli/azure/account#az-account-get-access-token"""
    asked = ("az", "account", "get-access-token", "--resource", RESOURCES[service])
    return (*asked, "--query", "accessToken", "--output", "tsv")


def build(folder: str, run: RunsCommand) -> KeepsText:
    """The folder of the copy."""
    if os.environ.get(POD_TOKEN):
        return BlobTexts(AzureApi(os.environ), folder)
    return BlobTexts(AzureApi({}, token=lambda service: run(token_command(service)).strip()), folder)
