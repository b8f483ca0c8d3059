"""What AWS needs on a machine: its command line, and where its login lies. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.tools import CloudTools, LoginPlaces, Tool


def build() -> CloudTools:
    """The tools of AWS."""
    return CloudTools(
        command_line=Tool(
            name="aws",
            version=("--version",),
            least=(2,),
            use="`mlplatform promote`, `releases` and `doctor --live`, the login to the cluster",
            get="https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
        ),
        cluster_login=None,
        login=LoginPlaces(
            # https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
            variables=(
                "AWS_ACCESS_KEY_ID",
                "AWS_PROFILE",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            ),
            files=(".aws/config", ".aws/credentials"),
            command="`aws configure sso`, then `aws sso login`",
        ),
    )
