"""The objects of Kubernetes that the layer writes: a module per kind group, one that makes wire values."""
