"""The record's copy in Cloud Storage, with the login of the CI job, or that of the command line `gcloud`."""

from __future__ import annotations

import os

from mlplatform.components.record_copy import KeepsText, RunsCommand
from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.gcp_login import federated_token, is_federated
from mlplatform.services.gcp_texts import StorageTexts

TOKEN = ("gcloud", "auth", "print-access-token")
"""https://docs.cloud.google.com/sdk/gcloud/reference/auth/print-access-token"""


def build(folder: str, run: RunsCommand) -> KeepsText:
    """The folder of the copy."""
    token = federated_token(os.environ) if is_federated(os.environ) else run(TOKEN).strip()
    return StorageTexts(GoogleApi(token=lambda: token), f"{folder}/")
