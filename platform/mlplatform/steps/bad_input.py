"""What makes every command of `mlplatform-step` end with exit code 2."""


class BadInput(Exception):
    """What is missing or cannot be read: one problem per argument."""
