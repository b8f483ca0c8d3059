"""The images that the layer pulls, as a list, and as commands that copy them into the platform's registry."""
