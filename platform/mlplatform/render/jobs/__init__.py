"""A job as a file of YAML, for `kubectl`, Flux or Argo CD."""
