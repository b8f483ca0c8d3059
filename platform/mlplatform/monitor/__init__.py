"""The monitor: reads what an endpoint captured, compares it with the data of its model, and says what changed.

It runs in a container without Pulumi and without the rest of the platform. Only `mlplatform-monitor` imports this
folder (`pip install mlplatform[monitor]`).
"""
