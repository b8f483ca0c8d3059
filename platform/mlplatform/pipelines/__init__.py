"""Pipelines as each service reads them: one meaning, one module per form."""
