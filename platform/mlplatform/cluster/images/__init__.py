"""The images that the layer pulls: which they are, where they are pulled from, and by which digest."""
