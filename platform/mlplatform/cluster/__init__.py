"""The layer inside the training cluster, alike on three clouds: its content as data, and the program that applies it.

`content` says what is in it: objects of Kubernetes and releases of charts, in stages. `apply` makes Pulumi resources of
that, `render/manifests` files. What differs between clouds is in `backends/<cloud>/cluster/`, behind the contracts of
`facts`.
"""
