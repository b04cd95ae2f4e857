"""Pages of the evaluation floor."""
