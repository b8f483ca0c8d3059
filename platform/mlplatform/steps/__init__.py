"""The platform's own programs in a pipeline's steps: they validate data, judge candidates and register them.

They run in a container without Pulumi and without the rest of the platform. Only `mlplatform-step` imports this folder,
because numpy, SciPy and Arrow are needed nowhere else (`pip install mlplatform[steps]`).
"""
