"""Results of data-source functions, one file per cloud."""
