"""Pulumi's own engine against the mock cloud: real gRPC resource providers, attached instead of the plugins.

with serving({"aws": Cloud(Account.sample("aws"))}) as environment:
    subprocess.run(["pulumi", "up"], env={**os.environ, **environment})
"""

from mlplatform.mock_cloud.serve.server import serving

__all__ = ["serving"]
