"""The components as a Pulumi package for every Pulumi language: thin arguments over the library."""
