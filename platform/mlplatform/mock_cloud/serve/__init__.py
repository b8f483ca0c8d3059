"""The mock cloud behind Pulumi's own engine: real gRPC resource providers, attached in place of the plugins.

with serving({"aws": Cloud(Account.sample("aws"))}) as environment:
    subprocess.run(["pulumi", "up"], env={**os.environ, **environment})
"""

from mlplatform.mock_cloud.serve.server import serving

__all__ = ["serving"]
