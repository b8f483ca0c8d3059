"""The programs of the example pipeline's steps: what its image holds beside `requirements.txt`."""
