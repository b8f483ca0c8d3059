"""Docker's errors that kfp's local runner catches."""


class NotFound(Exception):
    """No such container."""
