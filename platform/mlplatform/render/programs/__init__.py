"""The image of the platform's own programs, as a folder from which it is built."""
