"""What can be wrong with labels, in words: problems of labels are none of the capture."""

NO_PARQUET = "files of labels that are no Parquet files"
INCOMPLETE = "labels without a row id or a value"
CONTRADICTED = "rows with two different labels"
STRANGE_CLASS = "labels of a class that the reference does not have"
NO_NUMBER = "labels that are no number"
LABEL_PROBLEMS = (NO_PARQUET, INCOMPLETE, CONTRADICTED, STRANGE_CLASS, NO_NUMBER)
"""What is wrong with labels, and not with the capture."""
