"""`python -m mlplatform`."""

from mlplatform.cli import program

program()
