"""What Azure needs on a machine: its command line, and where its login lies. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.tools import CloudTools, LoginPlaces, Tool


def build() -> CloudTools:
    """The tools of Azure."""
    return CloudTools(
        command_line=Tool(
            name="az",
            version=("--version",),
            least=(2, 60),
            use="`mlplatform promote`, `releases` and `doctor --live`",
            get="https://learn.microsoft.com/cli/azure/install-azure-cli",
        ),
        cluster_login=Tool(
            name="kubelogin",
            version=("--version",),
            use="the login to the cluster, of people and of the cluster's stack",
            needed=True,
            get="https://azure.github.io/kubelogin/install.html",
        ),
        login=LoginPlaces(
            # https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
            variables=("ARM_CLIENT_ID", "AZURE_CLIENT_ID", "ARM_USE_OIDC"),
            files=(".azure/azureProfile.json",),
            command="`az login`",
        ),
    )
