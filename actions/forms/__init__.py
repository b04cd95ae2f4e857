"""Entry forms of the actions floor, one file per notion."""
