"""Pages of the governance floor, one file per notion."""
