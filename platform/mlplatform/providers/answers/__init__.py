"""Tables of data-source functions and their answers, one file for each cloud."""
