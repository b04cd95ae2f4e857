"""Models of this floor."""
