"""What GCP needs on a machine: its command line, and where its login lies. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.tools import CloudTools, LoginPlaces, Tool


def build() -> CloudTools:
    """The tools of GCP."""
    return CloudTools(
        command_line=Tool(
            name="gcloud",
            version=("--version",),
            use="`mlplatform promote`, `releases` and `doctor --live`",
            get="https://docs.cloud.google.com/sdk/docs/install",
        ),
        cluster_login=Tool(
            name="gke-gcloud-auth-plugin",
            version=("--version",),
            use="the login to the cluster, of people and of the cluster's stack",
            needed=True,
            get="https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl",
        ),
        login=LoginPlaces(
            # https://www.pulumi.com/registry/packages/gcp/installation-configuration/
            variables=("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"),
            files=(".config/gcloud/application_default_credentials.json",),
            command="`gcloud auth application-default login`",
        ),
    )
