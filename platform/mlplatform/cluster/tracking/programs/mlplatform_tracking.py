"""MLflow's plug-in for jobs: every request has the token that Kubernetes keeps fresh in a file.

A token in `MLFLOW_TRACKING_TOKEN` would end before a long job does.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

NAME = "mlplatform"
"""Value of `MLFLOW_TRACKING_AUTH`."""


class TokenFile:
    """What MLflow asks for its way to log in: https://mlflow.org/docs/latest/ml/plugins/#authentication-plugins"""

    def get_name(self) -> str:
        """The name by which it is chosen."""
        return NAME

    def get_auth(self) -> AddToken:
        """What adds the token to a request."""
        return AddToken()


class AddToken:
    """Adds the token of the moment to a request."""

    def __call__(self, request: Any) -> Any:  # noqa: ANN401 - a request of the library `requests`, which is not here
        """The request with the token."""
        token = Path(os.environ["MLPLATFORM_TRACKING_TOKEN_FILE"]).read_text(encoding="utf-8").strip()
        request.headers["Authorization"] = f"Bearer {token}"
        return request
