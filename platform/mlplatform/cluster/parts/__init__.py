"""The parts of the layer, one per subject: each gives items from the layer's context, and knows no other part."""
