"""The blocks of the documents, held: read, run, or marked with the reason why not."""
