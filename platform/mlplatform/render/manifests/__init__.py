"""The layer inside the cluster as files of YAML, for Flux, Argo CD, or `kubectl`: the same items as Pulumi's."""
