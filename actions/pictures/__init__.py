"""Pictures of the fiches that are drawn on this floor: the matrix of priorities, the map of territories."""
