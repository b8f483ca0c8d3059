"""What a reviewer has to decide: findings by the field of the spec that caused them, and the sentences on top.

The comment and the terminal show the same; they only format it.
"""
